import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { itemsOf } from './condition.ts'
import { LEXICON } from './lexicon.data.ts'
import { findItem, RED_FLAG_ITEMS } from './red-flag-items.data.ts'
import { RED_FLAG_RULES } from './red-flag-rules.data.ts'
import { checkRedFlags } from './red-flags.ts'
import type { CheckInput } from './red-flags.ts'

const REAR_END = {
  'neck-trauma-48h': 'yes',
  'dangerous-mechanism': 'no',
  'limb-tingling': 'no',
  'simple-rear-end': 'yes',
  'sitting-in-ed': 'yes',
  'walked-since-injury': 'yes',
  'can-rotate-neck-45': 'yes',
} as const
const TKA = { 'calf-swelling-over-3cm': 'yes', 'calf-tenderness': 'yes', 'pitting-edema': 'yes', 'recent-surgery-12-weeks': 'yes' } as const

describe('golden cases of the red-flag rules', () => {
  const cases: readonly [name: string, input: CheckInput, level: string, rule?: string][] = [
    ['back pain, numb when wiping', { bodyRegion: 'lumbar-spine', answers: { 'saddle-numbness': 'yes' } }, 'E', 'cauda-equina'],
    ['back pain, night pain only', { bodyRegion: 'lumbar-spine', answers: { 'night-pain': 'yes' } }, 'T', 'night-pain'],
    [
      'back pain, cancer before, no deficit',
      { bodyRegion: 'lumbar-spine', answers: { 'history-of-cancer': 'yes', 'new-limb-weakness': 'no' } },
      'D',
      'spinal-cancer',
    ],
    [
      'back pain, cancer before, new weakness',
      { bodyRegion: 'lumbar-spine', answers: { 'history-of-cancer': 'yes', 'new-limb-weakness': 'yes' } },
      'E',
      'spinal-cancer-neuro',
    ],
    ['new knee, Wells 4', { bodyRegion: 'knee', answers: TKA }, 'D', 'dvt-likely'],
    ['new knee, Wells 4 less 2', { bodyRegion: 'knee', answers: { ...TKA, 'alternative-diagnosis-likely': 'yes' } }, 'D', 'dvt-likely'],
    [
      'new knee, Wells 4, short of breath',
      { bodyRegion: 'knee', answers: { ...TKA, 'shortness-of-breath': 'yes' } },
      'E',
      'pulmonary-embolism',
    ],
    [
      'ankle sprain, walks, no bone pain',
      { bodyRegion: 'ankle-foot', answers: { 'recent-injury': 'yes', 'cannot-walk-4-steps': 'no', 'ankle-bone-tenderness': 'no' } },
      'none',
    ],
    ['ankle sprain, can not walk', { bodyRegion: 'ankle-foot', answers: { 'cannot-walk-4-steps': 'yes' } }, 'D', 'ottawa-ankle'],
    ['rear-end crash at 40', { bodyRegion: 'cervical-spine', answers: REAR_END, age: 40 }, 'none'],
    ['rear-end crash at 66', { bodyRegion: 'cervical-spine', answers: REAR_END, age: 66 }, 'E', 'canadian-c-spine'],
    [
      'rear-end crash, can not turn',
      { bodyRegion: 'cervical-spine', answers: { ...REAR_END, 'can-rotate-neck-45': 'unsure' }, age: 40 },
      'E',
      'canadian-c-spine',
    ],
    [
      'neck crash with no low-risk factor',
      {
        bodyRegion: 'cervical-spine',
        age: 40,
        answers: {
          'neck-trauma-48h': 'yes',
          'dangerous-mechanism': 'no',
          'limb-tingling': 'no',
          'simple-rear-end': 'no',
          'walked-since-injury': 'unsure',
          'delayed-neck-pain': 'no',
          'can-rotate-neck-45': 'yes',
        },
      },
      'E',
      'canadian-c-spine',
    ],
    [
      'neck crash, rest unknown',
      { bodyRegion: 'cervical-spine', answers: { 'neck-trauma-48h': 'yes' }, age: 40 },
      'D',
      'canadian-c-spine-open',
    ],
    ['unsure about saddle numbness', { bodyRegion: 'lumbar-spine', answers: { 'saddle-numbness': 'unsure' } }, 'E', 'cauda-equina'],
    ['text: no bladder problems', { bodyRegion: 'lumbar-spine', freeText: 'no bladder problems' }, 'none'],
    ['text: no saddle numbness', { bodyRegion: 'lumbar-spine', freeText: 'no saddle numbness' }, 'none'],
    [
      'text against a button',
      { bodyRegion: 'lumbar-spine', answers: { 'bladder-change': 'no' }, freeText: "I can't control my bladder" },
      'E',
      'cauda-equina',
    ],
    [
      'hint against a button',
      { bodyRegion: 'lumbar-spine', answers: { 'bladder-change': 'no' }, freeText: 'bladder problems' },
      'T',
      'text-disagrees',
    ],
    [
      'surgery 10 weeks ago counts',
      { bodyRegion: 'knee', answers: { 'calf-swelling-over-3cm': 'yes' }, weeksSinceSurgery: 10 },
      'D',
      'dvt-likely',
    ],
    [
      'surgery 13 weeks ago does not',
      { bodyRegion: 'knee', answers: { 'calf-swelling-over-3cm': 'yes' }, weeksSinceSurgery: 13 },
      'D',
      'dvt-possible',
    ],
    [
      'bed rest and surgery are one criterion',
      {
        bodyRegion: 'knee',
        answers: {
          'bedridden-3-days': 'yes',
          'recent-surgery-12-weeks': 'yes',
          'calf-tenderness': 'yes',
          'alternative-diagnosis-likely': 'yes',
        },
      },
      'T',
      'dvt-risk',
    ],
    ['surgery alone', { bodyRegion: 'knee', answers: { 'recent-surgery-12-weeks': 'yes' } }, 'T', 'dvt-risk'],
    ['PHQ-9 item 9 alone', { bodyRegion: 'other', phq9Item9: 1 }, 'E', 'self-harm'],
    ['fever with back pain', { bodyRegion: 'lumbar-spine', answers: { 'fever-or-chills': 'yes' } }, 'D', 'spinal-infection'],
    [
      'fever, back pain, weak leg',
      { bodyRegion: 'lumbar-spine', answers: { 'fever-or-chills': 'yes', 'new-limb-weakness': 'yes' } },
      'E',
      'spinal-infection-neuro',
    ],
    ['small fall at 75', { bodyRegion: 'thoracic-spine', answers: { 'minor-trauma': 'yes' }, age: 75 }, 'D', 'spinal-fracture'],
    ['small fall at 40', { bodyRegion: 'thoracic-spine', answers: { 'minor-trauma': 'yes' }, age: 40 }, 'none'],
    ['a skipped emergency item', { bodyRegion: 'lumbar-spine', answers: { 'bladder-change': 'skipped' } }, 'T', 'unresolved'],
    ['hot knee with fever', { bodyRegion: 'knee', answers: { 'hot-swollen-joint': 'yes', 'fever-or-chills': 'yes' } }, 'E', 'septic-joint'],
  ]
  it.each(cases)('%s', (_name, input, level, rule) => {
    const result = checkRedFlags(input)
    expect(result.level).toBe(level)
    if (rule !== undefined) expect(result.flags.map((flag) => flag.rule)).toContain(rule)
  })
})

describe('red-flag check', () => {
  it('every cauda equina item alone is an emergency in back pain, also when unsure', () => {
    for (const id of [
      'saddle-numbness',
      'bladder-change',
      'bowel-change',
      'bilateral-leg-symptoms',
      'sexual-dysfunction',
      'progressive-leg-weakness',
    ]) {
      for (const answer of ['yes', 'unsure'] as const)
        expect(checkRedFlags({ bodyRegion: 'lumbar-spine', answers: { [id]: answer } }).level).toBe('E')
    }
  })

  it('all answers "no" read "no flag reported" and never "cleared"', () => {
    const answers = Object.fromEntries(
      RED_FLAG_ITEMS.filter((item) => item.id !== 'can-rotate-neck-45').map((item) => [item.id, 'no' as const]),
    )
    for (const language of ['en', 'es'] as const) {
      const result = checkRedFlags({ bodyRegion: 'lumbar-spine', answers, age: 55, language })
      expect(result.level).toBe('none')
      expect(result.wording).not.toMatch(/clear|safe|descartad[oa]|sin riesgo/i)
    }
    expect(checkRedFlags({ bodyRegion: 'lumbar-spine', answers }).wording).toMatch(/no flag reported/i)
  })

  it('refuses an unknown item and lists the known ones, without its value', () => {
    expect(() => checkRedFlags({ bodyRegion: 'knee', answers: { 'saddle-numbnes': 'yes' } })).toThrow(/saddle-numbness/)
  })

  it('flags carry rule, version, source and the day it was checked', () => {
    const [flag] = checkRedFlags({ bodyRegion: 'lumbar-spine', answers: { 'saddle-numbness': 'yes' } }).flags
    expect(flag).toMatchObject({ rule: 'cauda-equina', version: 1, items: ['saddle-numbness'] })
    expect(flag?.source).not.toBe('')
    expect(flag?.checkedOn).toMatch(/^\d{4}-\d\d-\d\d$/)
  })

  it('no answer turned from "no" to "yes" or "unsure" ever lowers the level, protective items aside', () => {
    const protective = new Set([
      'alternative-diagnosis-likely',
      'simple-rear-end',
      'sitting-in-ed',
      'walked-since-injury',
      'delayed-neck-pain',
      'no-midline-tenderness',
      'can-rotate-neck-45',
    ])
    const ids = RED_FLAG_ITEMS.map((item) => item.id).filter((id) => !protective.has(id))
    const rank = { none: 0, T: 1, D: 2, E: 3 }
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...ids), fc.constantFrom('yes' as const, 'no' as const, 'unsure' as const)),
        fc.constantFrom(...ids),
        fc.constantFrom('yes' as const, 'unsure' as const),
        fc.constantFrom('lumbar-spine' as const, 'knee' as const, 'cervical-spine' as const),
        fc.integer({ min: 16, max: 95 }),
        (answers, id, worse, bodyRegion, age) => {
          const before = checkRedFlags({ bodyRegion, age, answers: { ...answers, [id]: 'no' } })
          const after = checkRedFlags({ bodyRegion, age, answers: { ...answers, [id]: worse } })
          expect(rank[after.level]).toBeGreaterThanOrEqual(rank[before.level])
        },
      ),
    )
  })

  it('free text never lowers the level', () => {
    const rank = { none: 0, T: 1, D: 2, E: 3 }
    const words = fc.array(
      fc.constantFrom(
        'no',
        'not',
        'numb',
        'when',
        'wiping',
        'fever',
        'chest pain',
        'but',
        ',',
        'without',
        'cancer',
        'sin',
        'fiebre',
        'my leg is weak',
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(words, fc.constantFrom('yes' as const, 'no' as const, 'unsure' as const), (text, answer) => {
        const answers = { 'fever-or-chills': answer, 'saddle-numbness': answer }
        const plain = checkRedFlags({ bodyRegion: 'lumbar-spine', answers })
        const withText = checkRedFlags({ bodyRegion: 'lumbar-spine', answers, freeText: text.join(' ') })
        expect(rank[withText.level]).toBeGreaterThanOrEqual(rank[plain.level])
      }),
    )
  })
})

describe('red-flag data', () => {
  it('rules and words name only known items, and ids are unique', () => {
    const used = [...RED_FLAG_RULES.flatMap((rule) => itemsOf(rule.when)), ...LEXICON.map((entry) => entry.item)]
    expect(used.length).toBeGreaterThan(100)
    expect(used.filter((id) => findItem(id) === undefined)).toEqual([])
    expect(new Set(RED_FLAG_ITEMS.map((item) => item.id)).size).toBe(RED_FLAG_ITEMS.length)
    expect(new Set(RED_FLAG_RULES.map((rule) => rule.id)).size).toBe(RED_FLAG_RULES.length)
  })

  it('every rule has a source, a version and a date', () => {
    for (const rule of RED_FLAG_RULES) expect(rule.source.length > 5 && rule.version > 0 && /^\d{4}-/.test(rule.checkedOn)).toBe(true)
  })
})
