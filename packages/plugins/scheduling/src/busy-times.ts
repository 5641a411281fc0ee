import { toLocal } from './calendar.ts'
import type { VisitFacts } from './facts.ts'

interface Interval {
  readonly fromMs: number
  readonly toMs: number
}

/** Who and what is taken when. Cancelled visits and no-shows take nothing. */
export class BusyTimes {
  readonly #taken = new Map<string, Interval[]>()
  readonly #days = new Map<string, Set<string>>()
  readonly #timeZone: string

  constructor(visits: readonly VisitFacts[], timeZone: string) {
    this.#timeZone = timeZone
    for (const visit of visits) if (takesTime(visit)) this.add(visit)
  }

  add(visit: Pick<VisitFacts, 'patientId' | 'roomId' | 'clinicianId' | 'startsAt' | 'endsAt'>): void {
    const interval = { fromMs: Date.parse(visit.startsAt), toMs: Date.parse(visit.endsAt) }
    for (const id of new Set([visit.patientId, visit.roomId, visit.clinicianId])) this.#insert(id, interval)
    const days = this.#days.get(visit.patientId) ?? new Set()
    days.add(toLocal(visit.startsAt, this.#timeZone).date)
    this.#days.set(visit.patientId, days)
  }

  isFree(id: string, fromMs: number, toMs: number): boolean {
    const list = this.#taken.get(id)
    if (list === undefined) return true
    const last = list[countBefore(list, toMs) - 1]
    return last === undefined || last.toMs <= fromMs
  }

  /** True when the patient already has a visit on that day. */
  hasVisitOn(patientId: string, date: string): boolean {
    return this.#days.get(patientId)?.has(date) ?? false
  }

  daysOf(patientId: string): readonly string[] {
    return [...(this.#days.get(patientId) ?? [])].toSorted()
  }

  /** What is taken of `id` between two instants, in order and without overlaps. */
  between(id: string, fromMs: number, toMs: number): readonly Interval[] {
    return (this.#taken.get(id) ?? []).filter((interval) => interval.fromMs < toMs && interval.toMs > fromMs)
  }

  /** Keeps the list sorted and merges what overlaps, so that one binary search answers. */
  #insert(id: string, interval: Interval): void {
    const list = this.#taken.get(id)
    if (list === undefined) {
      this.#taken.set(id, [interval])
      return
    }
    let { fromMs, toMs } = interval
    let from = countBefore(list, fromMs)
    if (from > 0 && (list[from - 1]?.toMs ?? 0) >= fromMs) from -= 1
    let to = from
    while (to < list.length && (list[to]?.fromMs ?? Infinity) <= toMs) {
      fromMs = Math.min(fromMs, list[to]?.fromMs ?? fromMs)
      toMs = Math.max(toMs, list[to]?.toMs ?? toMs)
      to += 1
    }
    list.splice(from, to - from, { fromMs, toMs })
  }
}

export function takesTime(visit: Pick<VisitFacts, 'state'>): boolean {
  return visit.state !== 'cancelled' && visit.state !== 'no-show'
}

/** How many intervals start before `ms`. */
function countBefore(list: readonly Interval[], ms: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.fromMs ?? Infinity) < ms) low = middle + 1
    else high = middle
  }
  return low
}
