import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { openDay, toLocal } from './calendar.ts'
import { makeClinic, makeId, makeVisit, makeWish } from './example.data.ts'
import type { VisitFacts } from './facts.ts'
import { findSlots } from './find-slots.ts'

const MONDAY = '2026-03-09'

describe('slot search', () => {
  test('an empty day offers every quarter of an hour that fits into the hours', () => {
    const { slots, total } = findSlots({
      clinic: makeClinic({ therapists: 1, rooms: 1 }),
      visits: [],
      wish: makeWish({ from: MONDAY, to: MONDAY }),
    })
    expect(total).toBe((9 * 60 - 45) / 15 + 1)
    expect(slots[0]?.startsAt).toBe('2026-03-09T12:00:00.000Z')
    expect(slots.at(-1)?.endsAt).toBe('2026-03-09T21:00:00.000Z')
  })

  test('a slot says why it is offered', () => {
    const wish = makeWish({ from: MONDAY, to: MONDAY, preferred: { clinicianId: makeId(3, 0), minuteOfDay: 8 * 60 } })
    const { slots } = findSlots({ clinic: makeClinic({ therapists: 1, rooms: 1 }), visits: [], wish })
    expect(slots[0]?.reasons).toEqual([
      'Clinician 1 and Room 1 are free Mon, 03/09, 8:00 AM',
      'PT license NY valid to 2031-12-31',
      'Same clinician as before',
      'Usual time of day',
    ])
  })

  test('an expired license is not offered, and the reason says when it expired', () => {
    const clinic = makeClinic({ therapists: 1, rooms: 1 })
    const expired = {
      ...clinic,
      staff: clinic.staff.map((member) => ({ ...member, licenses: [{ kind: 'PT' as const, state: 'NY', expires: '2026-03-10' }] })),
    }
    const { slots, rejected } = findSlots({ clinic: expired, visits: [], wish: makeWish({ from: '2026-03-09', to: '2026-03-13' }) })
    expect(new Set(slots.map((slot) => slot.date))).toEqual(new Set(['2026-03-09', '2026-03-10']))
    expect(rejected).toContainEqual({ rule: 'license', count: 3, example: 'Clinician 1: license expired 2026-03-10' })
  })

  test('a license of another state does not count', () => {
    const clinic = makeClinic({ therapists: 1, rooms: 1 })
    const moved = { ...clinic, locations: [{ id: makeId(1, 1), name: 'Across the river', state: 'NJ' }] }
    const { total, rejected } = findSlots({ clinic: moved, visits: [], wish: makeWish({ from: MONDAY, to: MONDAY }) })
    expect(total).toBe(0)
    expect(rejected[0]?.example).toBe('Clinician 1: no PT or PTA license for NJ')
  })

  test('an assistant treats but does not evaluate', () => {
    const clinic = makeClinic({ therapists: 1, rooms: 1, kind: 'PTA' })
    const search = (kind: 'treatment' | 'evaluation') =>
      findSlots({ clinic, visits: [], wish: makeWish({ kind, from: MONDAY, to: MONDAY }) }).total
    expect(search('treatment')).toBeGreaterThan(0)
    expect(search('evaluation')).toBe(0)
  })

  test('a cancelled visit frees its time, a booked one takes clinician and room', () => {
    const clinic = makeClinic({ therapists: 2, rooms: 1 })
    const visit = makeVisit(1, { startsAt: '2026-03-09T12:00:00Z', endsAt: '2026-03-09T21:00:00Z' })
    const search = (state: VisitFacts['state']) =>
      findSlots({ clinic, visits: [{ ...visit, state }], wish: makeWish({ from: MONDAY, to: MONDAY }) })
    expect(search('booked')).toMatchObject({ total: 0, rejected: [{ rule: 'clinician-busy' }, { rule: 'no-room' }] })
    expect(search('cancelled').total).toBe(68)
  })

  test('a patient has one visit a day', () => {
    const clinic = makeClinic({ therapists: 1, rooms: 1 })
    const visit = makeVisit(1, { startsAt: '2026-03-09T12:00:00Z', endsAt: '2026-03-09T12:45:00Z' })
    const { total, rejected } = findSlots({
      clinic,
      visits: [visit],
      wish: makeWish({ patientId: visit.patientId, from: MONDAY, to: MONDAY }),
    })
    expect([total, rejected[0]?.rule]).toEqual([0, 'one-visit-a-day'])
  })

  test('no day after the authorization is offered', () => {
    const clinic = makeClinic({ therapists: 1, rooms: 1 })
    const { slots, rejected } = findSlots({
      clinic,
      visits: [],
      wish: makeWish({ from: '2026-03-09', to: '2026-03-13', authorizedTo: '2026-03-11' }),
    })
    expect(slots.every((slot) => slot.date <= '2026-03-11')).toBe(true)
    expect(rejected).toContainEqual(expect.objectContaining({ rule: 'authorization-date', count: 2 }))
  })

  test.each([
    ['spring', '2026-03-08', ['05:00', '05:15', '05:30', '05:45', '06:00', '06:15', '06:30', '06:45', '07:00', '07:15', '07:30']],
    [
      'fall',
      '2026-11-01',
      [
        '04:00',
        '04:15',
        '04:30',
        '04:45',
        '05:00',
        '05:15',
        '05:30',
        '05:45',
        '07:00',
        '07:15',
        '07:30',
        '07:45',
        '08:00',
        '08:15',
        '08:30',
      ],
    ],
  ])('a night clinic on the %s clock change offers real, unrepeated times', (_season, date, starts) => {
    const clinic = makeClinic({ therapists: 1, rooms: 1, hours: [{ day: 7, from: 0, to: 4 * 60 + (date === '2026-11-01' ? 0 : 15) }] })
    const { slots } = findSlots({ clinic, visits: [], wish: makeWish({ from: date, to: date, minutes: 30 }) })
    const found = slots.map((slot) => slot.startsAt.slice(11, 16)).toSorted()
    expect(found).toEqual(date === '2026-03-08' ? [...starts, '07:45'] : starts)
    for (const slot of slots) expect(Date.parse(slot.endsAt) - Date.parse(slot.startsAt)).toBe(30 * 60_000)
  })

  test('the same local time is kept on both sides of a clock change', () => {
    const clinic = makeClinic({ therapists: 1, rooms: 1 })
    const first = (date: string) => findSlots({ clinic, visits: [], wish: makeWish({ from: date, to: date }) }).slots[0]?.startsAt
    expect([first('2026-03-06'), first('2026-03-09'), first('2026-10-30'), first('2026-11-02')]).toEqual([
      '2026-03-06T13:00:00.000Z',
      '2026-03-09T12:00:00.000Z',
      '2026-10-30T12:00:00.000Z',
      '2026-11-02T13:00:00.000Z',
    ])
  })

  test('a search of more than 62 days is refused', () => {
    expect(() =>
      findSlots({ clinic: makeClinic({ therapists: 1, rooms: 1 }), visits: [], wish: makeWish({ from: '2026-01-01', to: '2026-06-01' }) }),
    ).toThrow(/at most 62 days/)
  })

  test('the search finds exactly what trying every quarter of an hour finds', () => {
    const clinic = makeClinic({ therapists: 3, rooms: 2 })
    fc.assert(
      fc.property(
        fc.array(arbitraryVisit(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }).map((n) => n * 15),
        (visits, minutes) => {
          const { slots } = findSlots({ clinic, visits, wish: makeWish({ from: MONDAY, to: MONDAY, minutes }) })
          const found = slots.map((slot) => `${slot.clinicianId} ${slot.startsAt}`).toSorted()
          expect(found).toEqual(tryEveryQuarter(clinic, visits, minutes).toSorted())
          for (const slot of slots)
            expect(isFree(visits, 'roomId', slot.roomId, Date.parse(slot.startsAt), Date.parse(slot.endsAt))).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('a week of 20 therapists is searched in less than 100 ms', () => {
    const clinic = makeClinic({ therapists: 20, rooms: 16 })
    const visits = Array.from({ length: 600 }, (_, n) => {
      const start =
        openDay(`2026-03-${String(9 + (n % 5)).padStart(2, '0')}`, clinic.timeZone).startMs +
        (8 * 60 + 45 * (Math.floor(n / 100) * 2)) * 60_000
      return makeVisit(n, {
        clinicianId: makeId(3, Math.floor(n / 5) % 20),
        roomId: makeId(2, Math.floor(n / 5) % 16),
        startsAt: new Date(start).toISOString(),
        endsAt: new Date(start + 45 * 60_000).toISOString(),
      })
    })
    const wish = makeWish({ from: '2026-03-09', to: '2026-03-13', preferred: { clinicianId: makeId(3, 7), minuteOfDay: 600 } })
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now()
      expect(findSlots({ clinic, visits, wish }).total).toBeGreaterThan(500)
      return performance.now() - start
    })
    expect(Math.min(...times)).toBeLessThan(100)
  })
})

function arbitraryVisit(): fc.Arbitrary<VisitFacts> {
  return fc
    .record({
      n: fc.integer({ min: 0, max: 10_000 }),
      clinician: fc.integer({ min: 0, max: 2 }),
      room: fc.integer({ min: 0, max: 1 }),
      start: fc.integer({ min: 0, max: 107 }),
      length: fc.integer({ min: 1, max: 18 }),
    })
    .map(({ n, clinician, room, start, length }) => {
      const fromMs = Date.parse('2026-03-09T12:00:00Z') + start * 5 * 60_000
      return makeVisit(n, {
        clinicianId: makeId(3, clinician),
        roomId: makeId(2, room),
        startsAt: new Date(fromMs).toISOString(),
        endsAt: new Date(fromMs + length * 5 * 60_000).toISOString(),
      })
    })
}

function isFree(visits: readonly VisitFacts[], key: 'clinicianId' | 'roomId', id: string, fromMs: number, toMs: number): boolean {
  return !visits.some((visit) => visit[key] === id && Date.parse(visit.startsAt) < toMs && Date.parse(visit.endsAt) > fromMs)
}

function tryEveryQuarter(clinic: ReturnType<typeof makeClinic>, visits: readonly VisitFacts[], minutes: number): string[] {
  const found: string[] = []
  for (const member of clinic.staff) {
    for (let ms = Date.parse('2026-03-09T00:00:00Z'); ms < Date.parse('2026-03-10T12:00:00Z'); ms += 15 * 60_000) {
      const local = toLocal(ms, clinic.timeZone)
      if (local.date !== MONDAY || local.minuteOfDay < 8 * 60 || local.minuteOfDay + minutes > 17 * 60) continue
      const end = ms + minutes * 60_000
      if (isFree(visits, 'clinicianId', member.id, ms, end) && clinic.rooms.some((room) => isFree(visits, 'roomId', room.id, ms, end))) {
        found.push(`${member.id} ${new Date(ms).toISOString()}`)
      }
    }
  }
  return found
}
