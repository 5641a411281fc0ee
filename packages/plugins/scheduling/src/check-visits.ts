import type { RefusalCode } from '@gonio/sdk'

import { BusyTimes, takesTime } from './busy-times.ts'
import { openDay, toLocal, toWindowMs } from './calendar.ts'
import { checkLicense, isClinician } from './check-license.ts'
import type { ClinicFacts, VisitFacts } from './facts.ts'

export interface VisitProblem {
  readonly visitId: string
  readonly code: RefusalCode
  readonly text: string
}

export interface BookingLimits {
  readonly authorizedVisits: number | null
  readonly authorizedTo: string | null
  readonly certifiedTo: string | null
}

/** Every rule again, on the calendar as it is now: the search was earlier, and the front desk may have edited the visits since. */
export function checkVisits(input: {
  clinic: ClinicFacts
  existing: readonly VisitFacts[]
  visits: readonly VisitFacts[]
  limits: BookingLimits
}): VisitProblem[] {
  const { clinic, existing, visits, limits } = input
  const busy = new BusyTimes(existing, clinic.timeZone)
  const problems: VisitProblem[] = []
  for (const visit of visits) {
    const found = checkVisit(visit, clinic, busy, limits)
    problems.push(...found.map((problem) => ({ visitId: visit.id, ...problem })))
    busy.add(visit)
  }
  const episodes = new Map<string, number>()
  for (const visit of existing) if (takesTime(visit)) episodes.set(visit.episodeId, (episodes.get(visit.episodeId) ?? 0) + 1)
  for (const visit of visits) {
    const count = (episodes.get(visit.episodeId) ?? 0) + 1
    episodes.set(visit.episodeId, count)
    if (limits.authorizedVisits !== null && count > limits.authorizedVisits) {
      problems.push({
        visitId: visit.id,
        code: 'conflict',
        text: `Only ${limits.authorizedVisits} visits are authorized. Remove visits or ask for an extension.`,
      })
    }
  }
  return problems
}

function checkVisit(visit: VisitFacts, clinic: ClinicFacts, busy: BusyTimes, limits: BookingLimits): Omit<VisitProblem, 'visitId'>[] {
  const { date } = toLocal(visit.startsAt, clinic.timeZone)
  const [fromMs, toMs] = [Date.parse(visit.startsAt), Date.parse(visit.endsAt)]
  const member = clinic.staff.find((candidate) => candidate.id === visit.clinicianId)
  const room = clinic.rooms.find((candidate) => candidate.id === visit.roomId)
  const location = clinic.locations.find((candidate) => candidate.id === visit.locationId)
  if (member === undefined || !isClinician(member))
    return [{ code: 'not-found', text: 'The clinician of a visit does not work here. Pick another.' }]
  if (room === undefined || location === undefined || room.locationId !== location.id)
    return [{ code: 'not-found', text: 'The room of a visit is not at its location. Pick another.' }]
  const problems: Omit<VisitProblem, 'visitId'>[] = []
  if (toMs <= fromMs) problems.push({ code: 'invalid-input', text: 'A visit ends before it starts. Correct its times.' })
  const verdict = checkLicense(member, visit.kind, location.state, date)
  if (!verdict.ok) problems.push({ code: 'conflict', text: `${verdict.because}. Pick a clinician with a valid license.` })
  const day = openDay(date, clinic.timeZone)
  const inHours = member.hours.some((hours) => {
    const window = toWindowMs(day, hours, clinic.timeZone)
    return hours.day === day.weekday && window.fromMs <= fromMs && toMs <= window.toMs
  })
  if (!inHours) problems.push({ code: 'conflict', text: `A visit on ${date} is outside the clinician's hours. Move it.` })
  for (const [id, who] of [
    [visit.clinicianId, 'clinician'],
    [visit.roomId, 'room'],
    [visit.patientId, 'patient'],
  ] as const) {
    if (!busy.isFree(id, fromMs, toMs))
      problems.push({
        code: 'slot-taken',
        text: `The ${who} has another visit on ${date} at that time. Propose the visits again or move this one.`,
      })
  }
  if (busy.hasVisitOn(visit.patientId, date))
    problems.push({ code: 'conflict', text: `The patient already has a visit on ${date}. One visit a day.` })
  if (limits.authorizedTo !== null && date > limits.authorizedTo)
    problems.push({ code: 'conflict', text: `${date} is after the last authorized day ${limits.authorizedTo}.` })
  if (limits.certifiedTo !== null && date > limits.certifiedTo)
    problems.push({ code: 'conflict', text: `${date} is after the certified plan ends on ${limits.certifiedTo}.` })
  return problems
}
