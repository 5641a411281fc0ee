import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { CERTIFICATION_CASES } from './certification.data.ts'
import { addDays, endCertification, toClinicDate } from './certification.ts'

describe('certification', () => {
  test.each(CERTIFICATION_CASES)('$weeks weeks from $evaluation end $to', ({ evaluation, weeks, to }) => {
    expect(endCertification(evaluation, weeks)).toBe(to)
  })

  test('certification never passes 90 days after the evaluation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 52 }), fc.integer({ min: 0, max: 3_000 }), (weeks, offset) => {
        const evaluation = addDays('2024-01-01', offset)
        const end = endCertification(evaluation, weeks)
        expect(end <= addDays(evaluation, 90)).toBe(true)
        expect(end <= addDays(evaluation, weeks * 7)).toBe(true)
        expect(end === addDays(evaluation, 90) || end === addDays(evaluation, weeks * 7)).toBe(true)
      }),
    )
  })

  test("a late evening instant belongs to the clinic's day, not to the UTC day", () => {
    expect(toClinicDate('2026-01-06T01:30:00Z', 'America/New_York')).toBe('2026-01-05')
  })

  test('a date before the known rules is refused', () => {
    expect(() => endCertification('2001-01-01', 4)).toThrow(/before the certification rules/)
  })
})
