import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { countDays, toLocal } from './calendar.ts'
import { checkVisits } from './check-visits.ts'
import { makeClinic, makeId, makeVisit } from './example.data.ts'
import type { VisitFacts } from './facts.ts'
import { placePlan } from './place-plan.ts'
import type { PlanWish } from './place-plan.ts'

const PATIENT = makeId(5, 999)
const EPISODE = makeId(6, 999)
const EVALUATION = makeVisit(999, {
  patientId: PATIENT,
  episodeId: EPISODE,
  kind: 'evaluation',
  state: 'completed',
  clinicianId: makeId(3, 1),
  startsAt: '2026-03-02T15:00:00Z',
  endsAt: '2026-03-02T16:00:00Z',
})

function makePlan(plan: Partial<PlanWish> = {}): PlanWish {
  return {
    episodeId: EPISODE,
    patientId: PATIENT,
    frequencyPerWeek: 2,
    durationWeeks: 6,
    minutesPerVisit: 45,
    certifiedTo: null,
    authorizedVisits: null,
    authorizedTo: null,
    notBefore: '2026-03-03T10:00:00Z',
    horizonDays: 91,
    ...plan,
  }
}

const clinic = makeClinic({ therapists: 3, rooms: 2 })
const days = (placed: ReturnType<typeof placePlan>) => placed.slots.map((slot) => slot.date)

describe('plan placement', () => {
  test('two visits a week for six weeks are all placed, spread out, with the same clinician at the same time', () => {
    const placed = placePlan({ clinic, visits: [EVALUATION], plan: makePlan() })
    expect(placed).toMatchObject({ unplaced: 0, reasons: [] })
    expect(placed.slots).toHaveLength(12)
    expect(new Set(placed.slots.map((slot) => slot.clinicianId))).toEqual(new Set([makeId(3, 1)]))
    expect(new Set(placed.slots.map((slot) => toLocal(slot.startsAt, clinic.timeZone).minuteOfDay))).toEqual(new Set([600]))
    const gaps = days(placed)
      .slice(1)
      .map((date, index) => countDays(days(placed)[index] ?? date, date))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4)
  })

  test('three visits a week leave a day between visits', () => {
    const placed = placePlan({ clinic, visits: [EVALUATION], plan: makePlan({ frequencyPerWeek: 3, durationWeeks: 2 }) })
    const gaps = days(placed)
      .slice(1)
      .map((date, index) => countDays(days(placed)[index] ?? date, date))
    expect(placed.slots).toHaveLength(6)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2)
  })

  test('one visit every other week is placed in every other week', () => {
    const placed = placePlan({ clinic, visits: [], plan: makePlan({ frequencyPerWeek: 0.5, durationWeeks: 6 }) })
    expect(placed.slots).toHaveLength(3)
  })

  test('visits beyond the authorization are counted with their reason', () => {
    const placed = placePlan({ clinic, visits: [EVALUATION], plan: makePlan({ authorizedVisits: 8 }) })
    // The evaluation uses one authorized visit.
    expect(placed.slots).toHaveLength(7)
    expect(placed.reasons).toEqual([
      { rule: 'authorization-visits', count: 5, text: 'All 8 authorized visits are used; ask for an extension' },
    ])
  })

  test('nothing is placed after the authorization ends', () => {
    const placed = placePlan({ clinic, visits: [EVALUATION], plan: makePlan({ authorizedTo: '2026-03-20' }) })
    expect(days(placed).every((date) => date <= '2026-03-20')).toBe(true)
    expect(placed.unplaced).toBe(12 - placed.slots.length)
    expect(placed.reasons.map((reason) => reason.rule)).toEqual(['authorization-date'])
  })

  test('nothing is placed after the certification or beyond the horizon', () => {
    const certified = placePlan({ clinic, visits: [], plan: makePlan({ certifiedTo: '2026-03-31', durationWeeks: 12 }) })
    expect([days(certified).every((date) => date <= '2026-03-31'), certified.reasons[0]?.rule]).toEqual([true, 'certification'])
    const near = placePlan({ clinic, visits: [], plan: makePlan({ horizonDays: 14 }) })
    expect([near.slots.length, near.unplaced, near.reasons[0]?.rule]).toEqual([4, 8, 'horizon'])
  })

  test('visits that the episode already has count for their week', () => {
    const booked = makeVisit(1, {
      patientId: PATIENT,
      episodeId: EPISODE,
      startsAt: '2026-03-05T15:00:00Z',
      endsAt: '2026-03-05T15:45:00Z',
    })
    const placed = placePlan({ clinic, visits: [EVALUATION, booked], plan: makePlan({ durationWeeks: 1 }) })
    expect(placed.slots).toHaveLength(1)
    expect(days(placed)).not.toContain('2026-03-05')
  })

  test('a full calendar says what takes the time', () => {
    const full = [2, 3, 4, 5, 6, 9].map((day) =>
      makeVisit(day, {
        roomId: makeId(2, 0),
        clinicianId: makeId(3, 0),
        startsAt: `2026-03-${String(day).padStart(2, '0')}T12:00:00Z`,
        endsAt: `2026-03-${String(day).padStart(2, '0')}T22:30:00Z`,
      }),
    )
    const placed = placePlan({ clinic: makeClinic({ therapists: 1, rooms: 1 }), visits: full, plan: makePlan({ durationWeeks: 1 }) })
    expect(placed).toMatchObject({ slots: [], unplaced: 2 })
    expect(placed.reasons[0]).toMatchObject({ rule: 'no-slot', count: 2 })
    expect(placed.reasons[0]?.text).toMatch(/clinician-busy/)
  })

  test('a plan over the clock change keeps its time of day', () => {
    const placed = placePlan({ clinic, visits: [EVALUATION], plan: makePlan({ durationWeeks: 2 }) })
    expect(placed.slots.map((slot) => slot.startsAt.slice(11, 16))).toEqual(['15:00', '14:00', '14:00', '14:00'])
  })

  test('no two visits ever overlap, all are in hours, licensed, authorized, and none is lost', () => {
    fc.assert(
      fc.property(arbitraryCase(), ({ staff, rooms, visits, plan }) => {
        const some = { ...makeClinic({ therapists: staff.length, rooms }) }
        const varied = {
          ...some,
          staff: some.staff.map((member, index) => ({
            ...member,
            hours: staff[index]?.hours ?? [],
            licenses: [{ kind: 'PT' as const, state: 'NY', expires: staff[index]?.expires ?? '2031-12-31' }],
          })),
        }
        const placed = placePlan({ clinic: varied, visits, plan })
        const owed = Math.ceil(plan.durationWeeks * plan.frequencyPerWeek)
        expect(placed.slots.length + placed.unplaced).toBe(owed)
        const booked: VisitFacts[] = placed.slots.map((slot, n) => ({
          id: makeId(7, n),
          patientId: PATIENT,
          episodeId: EPISODE,
          kind: 'treatment',
          state: 'booked',
          locationId: slot.locationId,
          roomId: slot.roomId,
          clinicianId: slot.clinicianId,
          startsAt: slot.startsAt,
          endsAt: slot.endsAt,
        }))
        expect(checkVisits({ clinic: varied, existing: visits, visits: booked, limits: plan })).toEqual([])
        // The same promise without our own index: pairwise over everything.
        const all = [...visits, ...booked]
        for (const visit of booked) {
          const local = toLocal(visit.startsAt, varied.timeZone)
          const hours = varied.staff.find((member) => member.id === visit.clinicianId)?.hours ?? []
          const weekday = new Date(`${local.date}T12:00:00Z`).getUTCDay() || 7
          expect(
            hours.some(
              (window) =>
                window.day === weekday && window.from <= local.minuteOfDay && local.minuteOfDay + plan.minutesPerVisit <= window.to,
            ),
          ).toBe(true)
          for (const other of all) {
            if (other === visit || other.state === 'cancelled') continue
            const shares = other.clinicianId === visit.clinicianId || other.roomId === visit.roomId || other.patientId === visit.patientId
            expect(shares && other.startsAt < visit.endsAt && other.endsAt > visit.startsAt).toBe(false)
          }
        }
        expect(new Set(booked.map((visit) => toLocal(visit.startsAt, varied.timeZone).date)).size).toBe(booked.length)
      }),
      { numRuns: 60 },
    )
  })
})

function arbitraryCase() {
  const hours = fc
    .uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })
    .chain((week) =>
      fc
        .record({ from: fc.integer({ min: 28, max: 44 }), length: fc.integer({ min: 4, max: 36 }) })
        .map(({ from, length }) => week.map((day) => ({ day, from: from * 15, to: Math.min(1_440, (from + length) * 15) }))),
    )
  const staff = fc.array(fc.record({ hours, expires: fc.constantFrom('2026-03-10', '2026-04-01', '2031-12-31') }), {
    minLength: 1,
    maxLength: 4,
  })
  const visit = fc.record({
    day: fc.integer({ min: 0, max: 45 }),
    quarter: fc.integer({ min: 40, max: 90 }),
    length: fc.integer({ min: 1, max: 12 }),
    clinician: fc.integer({ min: 0, max: 3 }),
    room: fc.integer({ min: 0, max: 2 }),
    state: fc.constantFrom('booked' as const, 'cancelled' as const),
  })
  const visits = fc.array(visit, { maxLength: 60 }).map((rows) =>
    rows.map((row, n) => {
      const fromMs = Date.parse('2026-03-02T00:00:00Z') + row.day * 86_400_000 + row.quarter * 15 * 60_000
      const iso = (ms: number) => new Date(ms).toISOString()
      return makeVisit(n, {
        clinicianId: makeId(3, row.clinician),
        roomId: makeId(2, row.room),
        state: row.state,
        startsAt: iso(fromMs),
        endsAt: iso(fromMs + row.length * 15 * 60_000),
      })
    }),
  )
  const plan = fc
    .record({
      frequencyPerWeek: fc.integer({ min: 1, max: 5 }),
      durationWeeks: fc.integer({ min: 1, max: 6 }),
      minutesPerVisit: fc.constantFrom(30, 45, 60),
      authorizedVisits: fc.constantFrom(null, 4, 9),
      authorizedTo: fc.constantFrom(null, '2026-03-25'),
    })
    .map((part) => makePlan(part))
  return fc.record({ staff, rooms: fc.integer({ min: 1, max: 3 }), visits, plan })
}
