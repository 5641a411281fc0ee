import { z } from 'zod'

import { BusyTimes, takesTime } from './busy-times.ts'
import { addDays, countDays, toLocal } from './calendar.ts'
import { Slot } from './facts.ts'
import type { ClinicFacts, Rejection, VisitFacts, Wish } from './facts.ts'
import { explain, searchSlots } from './find-slots.ts'

/** A plan to be placed in the calendar. */
export const PlanWish = z.object({
  episodeId: z.uuid(),
  patientId: z.uuid(),
  frequencyPerWeek: z.number().min(0.1).max(7),
  durationWeeks: z.int().min(1).max(52),
  minutesPerVisit: z.int().min(10).max(240),
  certifiedTo: z.iso.date().nullable().default(null),
  authorizedVisits: z.int().min(0).nullable().default(null),
  authorizedTo: z.iso.date().nullable().default(null),
  /** No visit starts before this instant. */
  notBefore: z.iso.datetime({ offset: true }),
  /** No visit is placed more than this many days ahead. */
  horizonDays: z.int().min(1).max(182).default(91),
})
export type PlanWish = z.infer<typeof PlanWish>

export const PlacedPlan = z.object({
  slots: z.array(Slot),
  unplaced: z.int(),
  /** Why visits of the plan have no slot. */
  reasons: z.array(z.object({ rule: z.string(), count: z.int(), text: z.string() })),
})
export type PlacedPlan = z.infer<typeof PlacedPlan>

/** What spacing costs: squared days away from even, and two days in a row when the frequency does not ask for it. */
const COST = { unevenDay: 3, consecutiveDays: 40 } as const

/**
 * Places a plan week by week: of each week the set of days with the least cost (continuity, time of day, even spacing), never past the
 * certification, the authorization or the horizon, at most one visit a day, counting what the episode already has.
 */
export function placePlan(input: { clinic: ClinicFacts; visits: readonly VisitFacts[]; plan: PlanWish }): PlacedPlan {
  const { clinic, plan } = input
  const busy = new BusyTimes(input.visits, clinic.timeZone)
  const own = input.visits
    .filter((visit) => visit.episodeId === plan.episodeId && takesTime(visit))
    .toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
  const first = toLocal(plan.notBefore, clinic.timeZone).date
  const limit = findLimit(plan, first)
  const wish = { ...describeWish(clinic, plan, own.at(-1)), from: first }
  const reasons = new Reasons()
  const slots: Slot[] = []
  let authorized = plan.authorizedVisits === null ? Infinity : Math.max(0, plan.authorizedVisits - own.length)
  for (let week = 0; week < plan.durationWeeks; week++) {
    const from = addDays(first, week * 7)
    const to = addDays(from, 6)
    const had = own.filter(
      (visit) => visit.kind !== 'evaluation' && isWithin(toLocal(visit.startsAt, clinic.timeZone).date, from, to),
    ).length
    const owed = Math.max(0, Math.ceil((week + 1) * plan.frequencyPerWeek) - Math.ceil(week * plan.frequencyPerWeek) - had)
    const wanted = Math.min(owed, authorized)
    reasons.add('authorization-visits', owed - wanted, `All ${plan.authorizedVisits ?? 0} authorized visits are used; ask for an extension`)
    if (wanted === 0) continue
    if (from > limit.date) {
      reasons.add(limit.rule, wanted, limit.text)
      continue
    }
    const found = searchSlots(clinic, busy, { ...wish, from, to: to > limit.date ? limit.date : to })
    const chosen = chooseDays(found.slots, wanted, {
      days: busy.daysOf(plan.patientId),
      idealGap: 7 / plan.frequencyPerWeek,
      consecutive: plan.frequencyPerWeek > 3,
    })
    for (const slot of chosen) {
      busy.add({ ...slot, patientId: plan.patientId })
      slots.push(explain(slot, clinic, wish))
    }
    authorized -= chosen.length
    const lost = wanted - chosen.length
    if (to > limit.date) reasons.add(limit.rule, lost, limit.text)
    else reasons.add('no-slot', lost, `Week of ${from}: ${tellRejections(found.rejected)}`)
  }
  return { slots, unplaced: reasons.total, reasons: reasons.list() }
}

function describeWish(clinic: ClinicFacts, plan: PlanWish, last: VisitFacts | undefined): Wish {
  const preferred =
    last === undefined
      ? { clinicianId: null, minuteOfDay: null }
      : { clinicianId: last.clinicianId, minuteOfDay: toLocal(last.startsAt, clinic.timeZone).minuteOfDay }
  return {
    patientId: plan.patientId,
    kind: 'treatment',
    minutes: plan.minutesPerVisit,
    from: '',
    to: '',
    notBefore: plan.notBefore,
    clinicianId: null,
    locationId: last?.locationId ?? null,
    authorizedTo: null,
    preferred,
    limit: 500,
  }
}

/** The earliest of the ends that nothing may pass, and how to say it. */
function findLimit(plan: PlanWish, first: string): { date: string; rule: string; text: string } {
  const horizon = addDays(first, plan.horizonDays - 1)
  const limits = [
    { date: horizon, rule: 'horizon', text: `Visits are booked up to ${plan.horizonDays} days ahead; the rest is booked later` },
    ...(plan.certifiedTo === null
      ? []
      : [{ date: plan.certifiedTo, rule: 'certification', text: `The plan of care is certified to ${plan.certifiedTo}` }]),
    ...(plan.authorizedTo === null
      ? []
      : [{ date: plan.authorizedTo, rule: 'authorization-date', text: `The authorization ends ${plan.authorizedTo}` }]),
  ]
  return limits.reduce((a, b) => (b.date <= a.date ? b : a))
}

/** The cheapest set of days for one week: at most 7 days, so every combination is tried. */
export function chooseDays(
  slots: readonly Slot[],
  wanted: number,
  spacing: { days: readonly string[]; idealGap: number; consecutive: boolean },
): Slot[] {
  const best = new Map<string, Slot>()
  for (const slot of slots) {
    const other = best.get(slot.date)
    if (other === undefined || slot.cost < other.cost) best.set(slot.date, slot)
  }
  const days = [...best.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1))
  const count = Math.min(wanted, days.length)
  let cheapest: Slot[] = []
  let least = Infinity
  for (let set = 0; set < 1 << days.length; set++) {
    const picked = days.filter((_, index) => (set & (1 << index)) !== 0)
    if (picked.length !== count) continue
    const cost =
      picked.reduce((sum, slot) => sum + slot.cost, 0) +
      costSpacing(
        picked.map((slot) => slot.date),
        spacing,
      )
    if (cost < least) [least, cheapest] = [cost, picked]
  }
  return cheapest
}

function costSpacing(dates: readonly string[], spacing: { days: readonly string[]; idealGap: number; consecutive: boolean }): number {
  const all = [...new Set([...spacing.days, ...dates])].toSorted()
  let cost = 0
  for (const date of dates) {
    const index = all.indexOf(date)
    for (const [from, to] of [
      [all[index - 1], date],
      [date, all[index + 1]],
    ]) {
      // A gap between two dates of the set is counted from its later end only.
      if (from === undefined || to === undefined || (from === date && dates.includes(to))) continue
      const gap = countDays(from, to)
      if (gap === 1 && !spacing.consecutive) cost += COST.consecutiveDays
      cost += COST.unevenDay * Math.min(49, (gap - spacing.idealGap) ** 2)
    }
  }
  return cost
}

function isWithin(date: string, from: string, to: string): boolean {
  return date >= from && date <= to
}

function tellRejections(rejected: readonly Rejection[]): string {
  if (rejected.length === 0) return 'no clinician works on these days'
  const first = rejected.toSorted((a, b) => b.count - a.count).slice(0, 3)
  return first.map((row) => `${row.rule} ${row.count}× (${row.example})`).join('; ')
}

class Reasons {
  readonly #rows = new Map<string, { rule: string; count: number; text: string }>()
  total = 0

  add(rule: string, count: number, text: string): void {
    if (count <= 0) return
    this.total += count
    const row = this.#rows.get(rule)
    if (row === undefined) this.#rows.set(rule, { rule, count, text })
    else row.count += count
  }

  list(): { rule: string; count: number; text: string }[] {
    return [...this.#rows.values()]
  }
}
