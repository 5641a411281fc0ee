import { clinicClock } from '#lib/clinic-time.ts'
import type { VisitCard, WeekData } from '#lib/api-types.ts'

/** One column of the board: a clinician on a day. */
export interface Column {
  readonly id: string
  readonly date: string
  readonly clinicianId: string
  readonly title: string
  readonly note: string
  readonly hours: readonly { from: number; to: number }[]
}
/** A visit laid out: minutes from midnight, and its lane among visits that overlap it. */
export interface Placed {
  readonly card: VisitCard
  readonly from: number
  readonly to: number
  readonly lane: number
  readonly lanes: number
}

export const SNAP_MINUTES = 15

export function columnFor(staff: WeekData['staff'][number], date: string, title: string): Column {
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay() || 7
  const hours = staff.hours.filter((one) => one.day === weekday)
  const note =
    hours.length === 0
      ? 'not in'
      : hours.map((one) => `${printMinutes(one.from)} to ${printMinutes(one.to)}`.replaceAll(':00', '')).join(', ')
  return { id: `${staff.id}|${date}`, date, clinicianId: staff.id, title, note, hours }
}

/** Visits of a column in lanes: overlapping ones stand side by side. */
export function placeVisits(cards: readonly VisitCard[], column: Pick<Column, 'date' | 'clinicianId'>, zone: string): Placed[] {
  const spans = cards
    .filter((card) => card.visit.clinicianId === column.clinicianId && card.visit.state !== 'cancelled')
    .map((card) => ({ card, start: clinicClock(card.visit.startsAt, zone), end: clinicClock(card.visit.endsAt, zone) }))
    .filter(({ start }) => start.date === column.date)
    .map(({ card, start, end }) => ({
      card,
      from: start.minutes,
      to: Math.max(start.minutes + SNAP_MINUTES, end.date === start.date ? end.minutes : 1440),
    }))
    .sort((a, b) => a.from - b.from || a.to - b.to)
  const placed: Placed[] = []
  let group: { span: (typeof spans)[number]; lane: number }[] = []
  let groupEnd = -1
  const close = (): void => {
    const lanes = Math.max(1, ...group.map((member) => member.lane + 1))
    placed.push(...group.map(({ span, lane }) => ({ ...span, lane, lanes })))
    group = []
  }
  for (const span of spans) {
    if (span.from >= groupEnd) close()
    const taken = new Set(group.filter((member) => member.span.to > span.from).map((member) => member.lane))
    let lane = 0
    while (taken.has(lane)) lane += 1
    group.push({ span, lane })
    groupEnd = Math.max(group.length === 1 ? span.to : groupEnd, span.to)
  }
  close()
  return placed
}

/** First and last hour to draw: working hours and visits, and always a plain working day. */
export function dayRange(columns: readonly Column[], placed: readonly Placed[]): { from: number; to: number } {
  const starts = [...columns.flatMap((column) => column.hours.map((hours) => hours.from)), ...placed.map((one) => one.from)]
  const ends = [...columns.flatMap((column) => column.hours.map((hours) => hours.to)), ...placed.map((one) => one.to)]
  const from = Math.floor(Math.min(9 * 60, ...starts) / 60) * 60
  const to = Math.ceil(Math.max(16 * 60, ...ends) / 60) * 60
  return { from, to }
}

export function snap(minutes: number): number {
  return Math.round(minutes / SNAP_MINUTES) * SNAP_MINUTES
}

/** `9:30 AM` for minutes from midnight. */
export function printMinutes(minutes: number): string {
  const hour = Math.floor(minutes / 60) % 24
  return `${hour % 12 === 0 ? 12 : hour % 12}:${String(minutes % 60).padStart(2, '0')} ${hour < 12 ? 'AM' : 'PM'}`
}

/** `09:30` as time inputs want it, and back. */
export function toClock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

export function fromClock(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})/.exec(text)
  return match === null ? null : Number(match[1]) * 60 + Number(match[2])
}

/** The first room without a visit between two instants, or the first room when all are taken. */
export function findFreeRoom(week: WeekData, startsAt: string, endsAt: string): string {
  const taken = new Set(
    week.visits
      .filter(({ visit }) => !['cancelled', 'no-show'].includes(visit.state) && visit.startsAt < endsAt && visit.endsAt > startsAt)
      .map(({ visit }) => visit.roomId),
  )
  return (week.rooms.find((room) => !taken.has(room.id)) ?? week.rooms[0])?.id ?? ''
}
