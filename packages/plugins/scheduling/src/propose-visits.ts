import type { GonioEvent, Run } from '@gonio/sdk'

import { PlanWish, placePlan } from './place-plan.ts'
import { readVisits } from './read-visits.ts'
import type { SchedulingSettings } from './settings.ts'
import type { SchedulingTables } from './tables.ts'

type SchedulingRun = Run<SchedulingTables, SchedulingSettings>
const HOUR_MS = 3_600_000

/** On `plan.approved`: places the whole plan in the calendar and proposes the visits to the front desk. */
export async function proposeVisits(event: GonioEvent, run: SchedulingRun): Promise<void> {
  const { episodeId } = event.refs
  if (episodeId === undefined) return
  const [clinic, episode] = await Promise.all([run.chart.clinic(), run.chart.episode(episodeId)])
  if (episode.plan === null || episode.state === 'discharged') return
  const notBeforeMs = Date.parse(run.now) + run.settings.leadHours * HOUR_MS
  const visits = await readVisits(run.chart, { fromMs: Date.parse(run.now), toMs: notBeforeMs + (run.settings.horizonDays + 1) * 24 * HOUR_MS }, episodeId)
  const plan = PlanWish.parse({
    episodeId,
    patientId: episode.patientId,
    frequencyPerWeek: episode.plan.frequencyPerWeek,
    durationWeeks: episode.plan.durationWeeks,
    minutesPerVisit: episode.plan.minutesPerVisit,
    certifiedTo: episode.plan.certifiedTo,
    authorizedVisits: episode.authorizedVisits,
    authorizedTo: episode.authorizedTo,
    notBefore: new Date(notBeforeMs).toISOString(),
    horizonDays: run.settings.horizonDays,
  })
  const placed = placePlan({ clinic, visits, plan })
  await run.tables
    .insertInto('placement')
    .values({
      id: run.newId(), episode_id: episodeId, placed: placed.slots.length, unplaced: placed.unplaced, reasons: JSON.stringify(placed.reasons),
      state: placed.slots.length === 0 ? 'none' : 'proposed', created_at: run.now,
    })
    .execute()
  if (placed.slots.length === 0) return
  const used = new Set(placed.slots.flatMap((slot) => [slot.clinicianId, slot.roomId]))
  run.propose({
    action: 'visit.book',
    title: placed.unplaced === 0 ? `Book ${placed.slots.length} visits of the plan` : `Book ${placed.slots.length} visits of the plan; ${placed.unplaced} have no slot`,
    payload: {
      episodeId,
      timeZone: clinic.timeZone,
      names: Object.fromEntries([...clinic.staff, ...clinic.rooms].filter((row) => used.has(row.id)).map((row) => [row.id, row.name])),
      visits: placed.slots.map(({ clinicianId, roomId, locationId, startsAt, endsAt }) => ({
        id: run.newId(), patientId: episode.patientId, episodeId, kind: 'treatment', locationId, roomId, clinicianId, startsAt, endsAt,
      })),
      unplaced: placed.unplaced,
      reasons: placed.reasons,
    },
    refs: { patientId: episode.patientId, episodeId },
    evidence: [
      { kind: 'episode', id: episodeId, path: 'plan', label: `${episode.plan.frequencyPerWeek} visits a week for ${episode.plan.durationWeeks} weeks, certified to ${episode.plan.certifiedTo}` },
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
