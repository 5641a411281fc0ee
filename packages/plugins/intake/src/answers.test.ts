import { isRefusal } from '@gonio/sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ageOn, readAnswer } from './answers.ts'
import { CLOSING, OPENING } from './interview.data.ts'
import type { QuestionData } from './question.ts'

const context = { language: 'en', today: '2026-03-02', birthDate: '1980-06-15' } as const
const find = (id: string): QuestionData => {
  const question = [...OPENING, ...CLOSING].find((candidate) => candidate.id === id)
  if (question === undefined) throw new Error(`no question ${id}`)
  return question
}
const read = (id: string, answer: unknown) => readAnswer(find(id), answer, context)

describe('answers', () => {
  it('are kept clean', () => {
    expect(read('given-name', '  José\u0000 ')).toBe('José')
    expect(read('birth-date', '1984-02-29')).toBe('1984-02-29')
    expect(read('phone', '(212) 555-0142')).toBe('+12125550142')
    expect(read('phone', '+1 212 555 0142')).toBe('+12125550142')
    expect(read('pain-now', '7')).toBe(7)
    expect(read('pain-now', 0)).toBe(0)
    expect(read('onset-date', '')).toBe(null)
    expect(read('activities', [{ name: 'Stairs', score: 3 }])).toEqual([{ name: 'Stairs', score: 3 }])
  })

  it.each([
    ['given-name', ''],
    ['given-name', '...'],
    ['given-name', 7],
    ['given-name', 'x'.repeat(1_000_000)],
    ['given-name', 'x'.repeat(200)],
    ['birth-date', '2026-02-30'],
    ['birth-date', '1983-02-29'],
    ['birth-date', '2030-01-01'],
    ['birth-date', '1800-01-01'],
    ['birth-date', '05/31/1984'],
    ['birth-date', '0000-00-00'],
    ['onset-date', '1979-01-01'],
    ['phone', '555'],
    ['phone', '0125550142 ext 3'],
    ['phone', '112 555 0142'],
    ['body-region', 'tail'],
    ['pain-now', 11],
    ['pain-now', -1],
    ['pain-now', 3.5],
    ['pain-now', Number.NaN],
    ['pain-now', 'lots'],
    ['activities', []],
    ['activities', 'walking'],
    ['activities', [{ name: 'a', score: 11 }]],
    ['activities', [{ name: '', score: 1 }]],
    ['activities', Array.from({ length: 6 }, (_, at) => ({ name: `a${at}`, score: 1 }))],
    [
      'activities',
      [
        { name: 'Stairs', score: 1 },
        { name: 'stairs ', score: 2 },
      ],
    ],
  ] as const)('refuse %s when it can not be used, with a sentence in both languages', (id, answer) => {
    try {
      read(id, answer)
      expect.unreachable()
    } catch (error) {
      if (!isRefusal(error)) throw error
      expect(error.message.length).toBeGreaterThan(20)
      expect(error.message.length).toBeLessThan(200)
      expect(error.detail['text']).toMatchObject({ es: expect.any(String) })
    }
  })

  it('of any shape are either a value or a refusal, never a crash', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OPENING, ...CLOSING), fc.anything(), (question, answer) => {
        try {
          readAnswer(question, answer, context)
        } catch (error) {
          expect(isRefusal(error)).toBe(true)
        }
      }),
    )
  })

  it('age counts full years', () => {
    expect(ageOn('2026-06-14', '1980-06-15')).toBe(45)
    expect(ageOn('2026-06-15', '1980-06-15')).toBe(46)
  })
})
