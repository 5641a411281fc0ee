import { Refusal } from '@gonio/sdk'

import { BusyTimes } from './busy-times.ts'
import { addDays, countDays, openDay, tellTime, toInstantMs, toIso, toWindowMs } from './calendar.ts'
import type { LocalDay } from './calendar.ts'
import { checkLicense, isClinician } from './check-license.ts'
import type { ClinicFacts, FoundSlots, Rejection, Slot, VisitFacts, Wish } from './facts.ts'

export const MAX_SEARCH_DAYS = 62
const GRID_MINUTES = 15
/** What each departure from the wish costs. A different therapist weighs most: continuity of care. */
const COST = { otherClinician: 30, halfHour: 1, mostForTime: 10 } as const

/** All free slots for a wish, best first, with the rules that took out the others. */
export function findSlots(input: { clinic: ClinicFacts; visits: readonly VisitFacts[]; wish: Wish }): FoundSlots {
  const busy = new BusyTimes(input.visits, input.clinic.timeZone)
  const found = searchSlots(input.clinic, busy, input.wish)
  const slots = found.slots.toSorted((a, b) => a.cost - b.cost || compare(a.startsAt, b.startsAt) || compare(a.clinicianId, b.clinicianId))
  return {
    slots: slots.slice(0, input.wish.limit).map((slot) => explain(slot, input.clinic, input.wish)),
    total: slots.length,
    rejected: found.rejected,
  }
}

/** Every candidate by day, clinician and quarter of an hour; the first free room of a location the clinician is licensed for. */
export function searchSlots(clinic: ClinicFacts, busy: BusyTimes, wish: Wish): { slots: Slot[]; rejected: Rejection[] } {
  const days = countDays(wish.from, wish.to) + 1
  if (days < 1) throw new Refusal('invalid-input', 'The last day lies before the first. Swap them.')
  if (days > MAX_SEARCH_DAYS) throw new Refusal('too-large', `A search covers at most ${MAX_SEARCH_DAYS} days. Search in parts.`)
  const slots: Slot[] = []
  const rejections = new Map<string, { count: number; example: string }>()
  const reject = (rule: string, tell: () => string): void => {
    const row = rejections.get(rule)
    if (row === undefined) rejections.set(rule, { count: 1, example: tell() })
    else row.count += 1
  }
  for (let offset = 0; offset < days; offset++) {
    const day = openDay(addDays(wish.from, offset), clinic.timeZone)
    if (wish.authorizedTo !== null && day.date > wish.authorizedTo) {
      reject('authorization-date', () => `${day.date} is after the last authorized day ${wish.authorizedTo}`)
      continue
    }
    if (wish.patientId !== null && busy.hasVisitOn(wish.patientId, day.date)) {
      reject('one-visit-a-day', () => `The patient has a visit on ${day.date}`)
      continue
    }
    searchDay({ clinic, busy, wish, day, slots, reject })
  }
  return { slots, rejected: [...rejections].map(([rule, row]) => ({ rule, ...row })) }
}

interface DaySearch {
  readonly clinic: ClinicFacts
  readonly busy: BusyTimes
  readonly wish: Wish
  readonly day: LocalDay
  readonly slots: Slot[]
  reject(rule: string, tell: () => string): void
}

function searchDay(search: DaySearch): void {
  const { clinic, wish, day } = search
  for (const member of clinic.staff) {
    if (!isClinician(member) || (wish.clinicianId !== null && wish.clinicianId !== member.id)) continue
    const hours = member.hours.filter((window) => window.day === day.weekday)
    if (hours.length === 0) continue
    const licensed = clinic.locations.filter((location) => {
      if (wish.locationId !== null && wish.locationId !== location.id) return false
      const verdict = checkLicense(member, wish.kind, location.state, day.date)
      if (!verdict.ok) search.reject('license', () => verdict.because)
      return verdict.ok
    })
    if (licensed.length === 0) continue
    const rooms = clinic.rooms.filter((room) => licensed.some((location) => location.id === room.locationId))
    for (const window of hours) searchWindow(search, member.id, rooms, window)
  }
}

function searchWindow(search: DaySearch, clinicianId: string, rooms: ClinicFacts['rooms'], window: { from: number; to: number }): void {
  const { clinic, busy, wish, day } = search
  const { toMs } = toWindowMs(day, window, clinic.timeZone)
  const notBeforeMs = wish.notBefore === null ? -Infinity : Date.parse(wish.notBefore)
  for (let minute = Math.ceil(window.from / GRID_MINUTES) * GRID_MINUTES; minute < window.to; minute += GRID_MINUTES) {
    const fromMs = toInstantMs(day, minute, clinic.timeZone)
    // A minute that the clock jumps over does not exist.
    if (fromMs === null) continue
    const endMs = fromMs + wish.minutes * 60_000
    if (endMs > toMs) break
    if (fromMs < notBeforeMs) search.reject('too-soon', () => 'Before the earliest time')
    else if (!busy.isFree(clinicianId, fromMs, endMs)) search.reject('clinician-busy', () => 'The clinician has another visit')
    else if (wish.patientId !== null && !busy.isFree(wish.patientId, fromMs, endMs))
      search.reject('patient-busy', () => 'The patient has another visit')
    else {
      const room = rooms.find((candidate) => busy.isFree(candidate.id, fromMs, endMs))
      if (room === undefined) search.reject('no-room', () => `No room is free ${tellTime(toIso(fromMs), clinic.timeZone)}`)
      else {
        search.slots.push({
          clinicianId,
          roomId: room.id,
          locationId: room.locationId,
          date: day.date,
          startsAt: toIso(fromMs),
          endsAt: toIso(endMs),
          cost: costSlot(wish, clinicianId, minute),
          reasons: [],
        })
      }
    }
  }
}

function costSlot(wish: Wish, clinicianId: string, minute: number): number {
  const { preferred } = wish
  const clinician = preferred.clinicianId === null || preferred.clinicianId === clinicianId ? 0 : COST.otherClinician
  const time =
    preferred.minuteOfDay === null ? 0 : Math.min(COST.mostForTime, (Math.abs(minute - preferred.minuteOfDay) / 30) * COST.halfHour)
  return clinician + time
}

/** Reasons in words, only for the slots that are shown. */
export function explain(slot: Slot, clinic: ClinicFacts, wish: Wish): Slot {
  const member = clinic.staff.find((candidate) => candidate.id === slot.clinicianId)
  const room = clinic.rooms.find((candidate) => candidate.id === slot.roomId)
  const location = clinic.locations.find((candidate) => candidate.id === slot.locationId)
  if (member === undefined || room === undefined || location === undefined) return slot
  const reasons = [`${member.name} and ${room.name} are free ${tellTime(slot.startsAt, clinic.timeZone)}`]
  reasons.push(checkLicense(member, wish.kind, location.state, slot.date).because)
  const { preferred } = wish
  if (preferred.clinicianId !== null)
    reasons.push(preferred.clinicianId === member.id ? 'Same clinician as before' : 'Another clinician than before')
  const minutes = preferred.minuteOfDay === null ? null : differInMinutes(slot, clinic, preferred.minuteOfDay)
  if (minutes !== null)
    reasons.push(
      minutes === 0 ? 'Usual time of day' : `${Math.abs(minutes)} min ${minutes > 0 ? 'later' : 'earlier'} than the usual time of day`,
    )
  return { ...slot, reasons }
}

function differInMinutes(slot: Slot, clinic: ClinicFacts, minuteOfDay: number): number {
  const midnight = openDay(slot.date, clinic.timeZone)
  const wished = toInstantMs(midnight, minuteOfDay, clinic.timeZone)
  return wished === null ? 0 : Math.round((Date.parse(slot.startsAt) - wished) / 60_000)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
