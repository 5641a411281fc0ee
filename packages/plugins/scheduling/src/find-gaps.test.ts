import { describe, expect, test } from 'vitest'

import { makeClinic, makeVisit } from './example.data.ts'
import { findGaps } from './find-gaps.ts'

const clinic = makeClinic({ therapists: 1, rooms: 1, hours: [{ day: 1, from: 8 * 60, to: 12 * 60 }] })
const now = '2026-03-09T11:00:00Z'

describe('open time', () => {
  test('what lies between visits is open, short breaks are not', () => {
    const visits = [
      makeVisit(1, { startsAt: '2026-03-09T12:45:00Z', endsAt: '2026-03-09T13:30:00Z' }),
      makeVisit(2, { startsAt: '2026-03-09T13:45:00Z', endsAt: '2026-03-09T15:00:00Z' }),
    ]
    const { gaps } = findGaps({ clinic, visits, from: '2026-03-09', days: 1, now, minMinutes: 30 })
    expect(gaps.map((gap) => [gap.startsAt, gap.minutes])).toEqual([
      ['2026-03-09T12:00:00.000Z', 45],
      ['2026-03-09T15:00:00.000Z', 60],
    ])
  })

  test('time that is over is not open', () => {
    const { gaps } = findGaps({ clinic, visits: [], from: '2026-03-09', days: 1, now: '2026-03-09T14:10:00Z', minMinutes: 30 })
    expect(gaps.map((gap) => gap.minutes)).toEqual([110])
  })

  test('a clinician without a valid license has no open time but a warning', () => {
    const expired = {
      ...clinic,
      staff: clinic.staff.map((member) => ({ ...member, licenses: [{ kind: 'PT' as const, state: 'NY', expires: '2026-03-01' }] })),
    }
    expect(findGaps({ clinic: expired, visits: [], from: '2026-03-09', days: 1, now, minMinutes: 30 })).toEqual({
      gaps: [],
      warnings: ['Clinician 1: license expired 2026-03-01: not offered for visits'],
    })
  })
})
