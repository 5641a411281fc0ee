/// <reference lib="esnext.temporal" />
const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440

/** A day at the clinic. `shifted` marks the two days a year on which local minutes and elapsed minutes differ. */
export interface LocalDay {
  readonly date: string
  /** 1 = Monday … 7 = Sunday. */
  readonly weekday: number
  readonly startMs: number
  readonly endMs: number
  readonly shifted: boolean
}

export function openDay(date: string, timeZone: string): LocalDay {
  const plain = Temporal.PlainDate.from(date)
  const startMs = plain.toZonedDateTime(timeZone).epochMilliseconds
  const endMs = plain.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
  return { date, weekday: plain.dayOfWeek, startMs, endMs, shifted: endMs - startMs !== DAY_MINUTES * MINUTE_MS }
}

/**
 * The instant of a local minute of the day. Null for a minute that the clock jumps over in spring; the first of the two for one that it
 * repeats in fall, so the repeated hour is never offered twice.
 */
export function toInstantMs(day: LocalDay, minute: number, timeZone: string): number | null {
  if (minute >= DAY_MINUTES) return day.endMs
  if (!day.shifted) return day.startMs + minute * MINUTE_MS
  const wanted = Temporal.PlainDate.from(day.date).toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 })
  const zoned = wanted.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  return zoned.toPlainDateTime().equals(wanted) ? zoned.epochMilliseconds : null
}

/** Hours of a day as instants; a border that the clock jumps over moves with the clock. */
export function toWindowMs(day: LocalDay, hours: { from: number; to: number }, timeZone: string): { fromMs: number; toMs: number } {
  const shift = (minute: number) => {
    const exact = toInstantMs(day, minute, timeZone)
    if (exact !== null) return exact
    return Temporal.PlainDate.from(day.date)
      .toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 })
      .toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds
  }
  return { fromMs: shift(hours.from), toMs: shift(hours.to) }
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

export function countDays(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days
}

export function toLocal(instant: string | number, timeZone: string): { date: string; minuteOfDay: number } {
  const epoch = typeof instant === 'number' ? Temporal.Instant.fromEpochMilliseconds(instant) : Temporal.Instant.from(instant)
  const zoned = epoch.toZonedDateTimeISO(timeZone)
  return { date: zoned.toPlainDate().toString(), minuteOfDay: zoned.hour * 60 + zoned.minute }
}

export function toIso(ms: number): string {
  return new Date(ms).toISOString()
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** For people: "Mon, 03/09, 2:30 PM". Formats are kept by zone (a handful in a clinic): making one takes longer than a search. */
export function tellTime(instant: string, timeZone: string): string {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      month: '2-digit',
      day: '2-digit',
      hour: 'numeric',
      minute: '2-digit',
    })
    formats.set(timeZone, format)
  }
  return format.format(new Date(instant)).replace(/\u202f/g, ' ')
}
