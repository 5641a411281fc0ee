import { expect, test } from 'vitest'

import type { VisitCard } from '#lib/api-types.ts'

import { columnFor, findFreeRoom, fromClock, placeVisits, snap, toClock } from './board.ts'

const DAY = { date: '2026-11-24', clinicianId: 'c1' }
const at = (clock: string): string => `2026-11-24T${clock}:00.000Z`

function card(
  id: string,
  from: string,
  to: string,
  more: { state?: VisitCard['visit']['state']; clinicianId?: string; roomId?: string } = {},
): VisitCard {
  const visit = {
    id,
    version: 1,
    patientId: 'p',
    episodeId: 'e',
    kind: 'treatment' as const,
    state: more.state ?? ('booked' as const),
    locationId: 'l',
    roomId: more.roomId ?? 'r1',
    clinicianId: more.clinicianId ?? 'c1',
    startsAt: at(from),
    endsAt: at(to),
    services: [],
    performed: [],
    remarks: [],
    completedAt: null,
  }
  return { visit, patientName: id, clinicianName: '', roomName: '', locationName: '' }
}

test('overlapping visits stand side by side, later ones use the full width again', () => {
  const placed = placeVisits([card('a', '09:00', '10:00'), card('b', '09:30', '10:30'), card('c', '10:30', '11:00')], DAY, 'UTC')
  expect(placed.map(({ card: { visit }, lane, lanes }) => [visit.id, lane, lanes])).toEqual([
    ['a', 0, 2],
    ['b', 1, 2],
    ['c', 0, 1],
  ])
})

test('no two visits in one lane overlap', () => {
  const cards = Array.from({ length: 40 }, (_, index) => {
    const start = 480 + ((index * 37) % 400)
    return card(`v${index}`, toClock(start), toClock(start + 15 + ((index * 13) % 60)))
  })
  const placed = placeVisits(cards, DAY, 'UTC')
  expect(placed).toHaveLength(40)
  for (const one of placed) {
    expect(one.lane).toBeLessThan(one.lanes)
    expect(placed.some((other) => other !== one && other.lane === one.lane && other.from < one.to && one.from < other.to)).toBe(false)
  }
})

test('canceled visits and those of a colleague or another day are not in the column', () => {
  const other = { ...card('d', '09:00', '10:00') }
  expect(
    placeVisits([card('a', '09:00', '10:00', { state: 'cancelled' }), card('b', '09:00', '10:00', { clinicianId: 'c2' })], DAY, 'UTC'),
  ).toEqual([])
  expect(placeVisits([other], { ...DAY, date: '2026-11-25' }, 'UTC')).toEqual([])
})

test('a free room is offered before a taken one', () => {
  const rooms = ['r1', 'r2'].map((id) => ({ id, name: id, kind: 'gym', locationId: 'l' }))
  const week = { from: '2026-11-23', timeZone: 'UTC', visits: [card('a', '09:00', '10:00')], staff: [], rooms, locations: [] }
  expect(findFreeRoom(week, at('09:30'), at('10:15'))).toBe('r2')
  expect(findFreeRoom(week, at('10:00'), at('10:45'))).toBe('r1')
})

test('a column carries the hours of its weekday, Sunday included', () => {
  const staff = {
    id: 'c1',
    name: 'N',
    roles: ['therapist' as const],
    hours: [
      { day: 2, from: 480, to: 1020 },
      { day: 7, from: 600, to: 700 },
    ],
  }
  expect(columnFor(staff, '2026-11-24', 'N').hours).toEqual([{ day: 2, from: 480, to: 1020 }])
  expect(columnFor(staff, '2026-11-29', 'N').hours).toEqual([{ day: 7, from: 600, to: 700 }])
  expect(columnFor(staff, '2026-11-25', 'N').note).toBe('not in')
})

test('times of day are written and read alike, and snap to quarters', () => {
  for (let minutes = 0; minutes < 1440; minutes += 1) expect(fromClock(toClock(minutes))).toBe(minutes)
  expect(snap(547)).toBe(540)
  expect(fromClock('soon')).toBeNull()
})
