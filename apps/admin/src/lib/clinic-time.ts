/** Times of the clinic: instants are ISO strings, times of day are in the clinic's zone, never the browser's. */
export type Shape = 'short' | 'time' | 'day' | 'day-long' | 'date' | 'instant' | 'weekday'

const SHAPES: Record<Shape, Intl.DateTimeFormatOptions> = {
  short: { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  time: { hour: 'numeric', minute: '2-digit' },
  day: { weekday: 'short', month: 'short', day: 'numeric' },
  'day-long': { weekday: 'long', month: 'long', day: 'numeric' },
  date: { year: 'numeric', month: 'short', day: 'numeric' },
  instant: { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  weekday: { weekday: 'short' },
}
const formats = new Map<string, Intl.DateTimeFormat>()

export function formatInstant(iso: string, zone: string, shape: Shape): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const key = `${zone}|${shape}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { ...SHAPES[shape], timeZone: zone })
    formats.set(key, format)
  }
  // Servers and browsers disagree on the space before AM; hydration must not.
  return format.format(at).replace(/[\u202f\u00a0]/g, ' ')
}

/** A calendar date has no zone: it is formatted at UTC noon. */
export function formatDate(date: string, shape: Shape = 'date'): string {
  return formatInstant(`${date.slice(0, 10)}T12:00:00Z`, 'UTC', shape)
}

/** Calendar date and minutes from midnight of an instant in the clinic. */
export function clinicClock(iso: string, zone: string): { date: string; minutes: number } {
  const key = `${zone}|parts`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(key, format)
  }
  const part: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(new Date(iso))) part[type] = value
  return { date: `${part['year']}-${part['month']}-${part['day']}`, minutes: Number(part['hour']) * 60 + Number(part['minute']) }
}

/** The instant of a clinic date and minutes from midnight. In the hour that DST skips, the time after the jump is taken. */
export function instantAt(date: string, minutes: number, zone: string): string {
  const wanted = Date.parse(`${date}T00:00:00Z`) + minutes * 60_000
  let guess = wanted
  for (let round = 0; round < 3; round += 1) {
    const seen = clinicClock(new Date(guess).toISOString(), zone)
    const off = wanted - (Date.parse(`${seen.date}T00:00:00Z`) + seen.minutes * 60_000)
    if (off === 0) break
    guess += off
  }
  return new Date(guess).toISOString()
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The Monday of the week a date is in. */
export function mondayOf(date: string): string {
  const day = new Date(`${date}T12:00:00Z`).getUTCDay()
  return addDays(date, day === 0 ? -6 : 1 - day)
}

export function ageAt(birthDate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5, 10) ? years - 1 : years
}

/** "5 min ago", "in 3 h", in words short enough for a list. */
export function formatAgo(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000)
  const size = Math.abs(seconds)
  if (size < 60) return 'just now'
  const [count, unit] =
    size < 3600
      ? [Math.round(size / 60), 'min']
      : size < 86_400
        ? [Math.round(size / 3600), 'h']
        : [Math.round(size / 86_400), size < 129_600 ? 'day' : 'days']
  return seconds < 0 ? `${count} ${unit} ago` : `in ${count} ${unit}`
}

export function minutesBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 60_000)
}
