import { describe, expect, test } from 'vitest'

import { tellToken, tokenize } from './tokens.ts'

describe('numbers of a text', () => {
  test.each([
    ['Pain 4/10 (6/10 before)', ['4 of10', '6 of10']],
    ['flexion −5° and 110 °', ['-5 deg', '110 deg']],
    ['3 × 10, 2 lb, 2 lbs', ['3 sets', '10 reps', '2 lb', '2 lb']],
    ['38 min; 11.2 s; 0.9 m/s', ['38 min', '11.2 s', '0.9 m/s']],
    ['72-year-old, 8 weeks, 2 visits per week', ['72 years', '8 weeks', '2 visits']],
    ['on 03/09/2026 at 41/80', ['03/09/2026', '41 of80']],
    ['90/90 stretch', ['90', '90']],
    ['twice, three times, one', ['2', '3']],
    ['L5 root', ['5']],
    ['no numbers', []],
  ])('%s', (text, tokens) => {
    expect(tokenize(text).map(tellToken)).toEqual(tokens)
  })
})
