import { BusyTimes } from './busy-times.ts'
import { addDays, openDay, toIso, toWindowMs } from './calendar.ts'
import { checkLicense, isClinician } from './check-license.ts'
import type { ClinicFacts, VisitFacts } from './facts.ts'

export interface Gap {
  readonly clinicianId: string
  readonly date: string
  readonly startsAt: string
  readonly endsAt: string
  readonly minutes: number
}

export interface OpenTime {
  readonly gaps: Gap[]
  /** Clinicians with hours on these days but no valid license, and others the desk should know of. */
  readonly warnings: string[]
}

/** Open time of each licensed clinician on the coming days, at least `minMinutes` long and not before `now`. */
export function findGaps(input: {
  clinic: ClinicFacts
  visits: readonly VisitFacts[]
  from: string
  days: number
  now: string
  minMinutes: number
}): OpenTime {
  const { clinic } = input
  const busy = new BusyTimes(input.visits, clinic.timeZone)
  const gaps: Gap[] = []
  const warnings = new Set<string>()
  for (let offset = 0; offset < input.days; offset++) {
    const day = openDay(addDays(input.from, offset), clinic.timeZone)
    for (const member of clinic.staff.filter(isClinician)) {
      const hours = member.hours.filter((window) => window.day === day.weekday)
      const verdicts = clinic.locations.map((location) => checkLicense(member, 'treatment', location.state, day.date))
      if (hours.length === 0) continue
      if (!verdicts.some((verdict) => verdict.ok)) {
        for (const verdict of verdicts) warnings.add(`${verdict.because}: not offered for visits`)
        continue
      }
      for (const window of hours) {
        const { fromMs, toMs } = toWindowMs(day, window, clinic.timeZone)
        let open = Math.max(fromMs, Date.parse(input.now))
        for (const taken of [...busy.between(member.id, open, toMs), { fromMs: toMs, toMs }]) {
          const minutes = Math.floor((taken.fromMs - open) / 60_000)
          if (minutes >= input.minMinutes)
            gaps.push({ clinicianId: member.id, date: day.date, startsAt: toIso(open), endsAt: toIso(taken.fromMs), minutes })
          open = Math.max(open, taken.toMs)
        }
      }
    }
  }
  return { gaps, warnings: [...warnings] }
}
