import { parseWith } from '@gonio/sdk'
import type { GonioEvent, Run } from '@gonio/sdk'

import { PlanWish, placePlan } from './place-plan.ts'
import { readCalendar } from './read-visits.ts'
import type { SchedulingSettings } from './settings.ts'
import type { SchedulingTables } from './tables.ts'

type SchedulingRun = Run<SchedulingTables, SchedulingSettings>
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** On `plan.approved`: places the whole plan in the calendar and proposes the visits to the front desk. */
export async function proposeVisits(event: GonioEvent, run: SchedulingRun): Promise<void> {
  const { episodeId } = event.refs
  if (episodeId === undefined) return
  const [clinic, episode] = await Promise.all([run.chart.clinic(), run.chart.episode(episodeId)])
  if (episode.plan === null || episode.state === 'discharged') return
  const notBeforeMs = Date.parse(run.now) + run.settings.leadHours * HOUR_MS
  // The plan's weeks and one day more, within the horizon of the settings.
  const days = Math.min(run.settings.horizonDays, episode.plan.durationWeeks * 7 + 1)
  const calendar = await readCalendar(run.chart, { fromMs: Date.parse(run.now), toMs: notBeforeMs + days * DAY_MS })
  const known = await run.chart.visits({ episodeId })
  const visits = [...new Map([...calendar.visits, ...known].map((visit) => [visit.id, visit])).values()]
  const horizonDays = Math.max(1, Math.min(run.settings.horizonDays, Math.floor((calendar.readToMs - notBeforeMs) / DAY_MS)))
  const wish = {
    episodeId,
    patientId: episode.patientId,
    frequencyPerWeek: episode.plan.frequencyPerWeek,
    durationWeeks: episode.plan.durationWeeks,
    minutesPerVisit: episode.plan.minutesPerVisit,
    certifiedTo: episode.plan.certifiedTo,
    authorizedVisits: episode.authorizedVisits,
    authorizedTo: episode.authorizedTo,
    notBefore: new Date(notBeforeMs).toISOString(),
    horizonDays,
  }
  const plan = await parseWith(PlanWish, wish, 'The plan of care')
  const placed = placePlan({ clinic, visits, plan })
  await run.tables
    .insertInto('placement')
    .values({
      id: run.newId(),
      episode_id: episodeId,
      placed: placed.slots.length,
      unplaced: placed.unplaced,
      reasons: JSON.stringify(placed.reasons),
      state: placed.slots.length === 0 ? 'none' : 'proposed',
      created_at: run.now,
    })
    .execute()
  if (placed.slots.length === 0) return
  const used = new Set(placed.slots.flatMap((slot) => [slot.clinicianId, slot.roomId]))
  run.propose({
    action: 'visit.book',
    title:
      placed.unplaced === 0
        ? `Book ${placed.slots.length} visits of the plan`
        : `Book ${placed.slots.length} visits of the plan; ${placed.unplaced} have no slot`,
    payload: {
      episodeId,
      timeZone: clinic.timeZone,
      names: Object.fromEntries([...clinic.staff, ...clinic.rooms].filter((row) => used.has(row.id)).map((row) => [row.id, row.name])),
      visits: placed.slots.map(({ clinicianId, roomId, locationId, startsAt, endsAt }) => ({
        id: run.newId(),
        patientId: episode.patientId,
        episodeId,
        kind: 'treatment',
        locationId,
        roomId,
        clinicianId,
        startsAt,
        endsAt,
      })),
      unplaced: placed.unplaced,
      reasons: placed.reasons,
    },
    refs: { patientId: episode.patientId, episodeId },
    evidence: [
      {
        kind: 'episode',
        id: episodeId,
        path: 'plan',
        label: `${episode.plan.frequencyPerWeek} visits a week for ${episode.plan.durationWeeks} weeks, certified to ${episode.plan.certifiedTo}`,
      },
      { kind: 'rule', id: 'scheduling.place-plan', label: 'Hours, rooms, licenses, one visit a day, authorization and certification' },
    ],
    // The calendar changes all day; every rule is checked again on the calendar of the moment when the visits are booked.
    basedOn: [`episode:${episodeId}`],
    key: `book:${episodeId}`,
  })
}

/** On `episode.discharged`: an open booking proposal makes no sense any more. */
export async function withdrawVisits(event: GonioEvent, run: SchedulingRun): Promise<void> {
  if (event.refs.episodeId !== undefined) run.withdraw(`book:${event.refs.episodeId}`, 'The episode is discharged.')
}
