import type { Run, View } from '@gonio/sdk'

import { tellTime, toLocal } from './calendar.ts'
import { findGaps } from './find-gaps.ts'
import { readCalendar } from './read-visits.ts'
import type { SchedulingSettings } from './settings.ts'
import type { SchedulingTables } from './tables.ts'

type SchedulingRun = Run<SchedulingTables, SchedulingSettings>
const DAY_MS = 86_400_000
const MAX_ROWS = 60

/** Panel of the front desk: open time of the coming days. */
export async function showOpenTime(_input: object, run: SchedulingRun): Promise<{ view: View }> {
  const clinic = await run.chart.clinic()
  const { openTimeDays: days, openTimeMinutes: minMinutes } = run.settings
  const nowMs = Date.parse(run.now)
  const { visits } = await readCalendar(run.chart, { fromMs: nowMs - DAY_MS, toMs: nowMs + (days + 1) * DAY_MS })
  const { gaps, warnings } = findGaps({ clinic, visits, from: toLocal(run.now, clinic.timeZone).date, days, now: run.now, minMinutes })
  const names = new Map(clinic.staff.map((member) => [member.id, member.name]))
  const children: View[] = warnings.map((text) => ({ kind: 'text', text, tone: 'warn' }))
  if (gaps.length === 0) {
    children.push({ kind: 'empty', title: 'No open time', hint: `Every clinician is booked for the next ${days} days.` })
  } else {
    children.push({
      kind: 'table',
      caption: `Open time, next ${days} days`,
      columns: [
        { key: 'from', label: 'From' },
        { key: 'minutes', label: 'Minutes', as: 'number' },
        { key: 'clinician', label: 'Clinician' },
      ],
      rows: gaps.slice(0, MAX_ROWS).map((gap) => ({
        from: tellTime(gap.startsAt, clinic.timeZone),
        minutes: gap.minutes,
        clinician: names.get(gap.clinicianId) ?? gap.clinicianId,
      })),
    })
    if (gaps.length > MAX_ROWS) children.push({ kind: 'text', text: `and ${gaps.length - MAX_ROWS} more` })
  }
  return { view: { kind: 'stack', title: 'Open time', children } }
}

/** The episode's tab: visits against the plan, and why visits have no slot. */
export async function showEpisodeVisits(input: { episodeId: string }, run: SchedulingRun): Promise<{ view: View }> {
  const [clinic, episode, visits, placements] = await Promise.all([
    run.chart.clinic(),
    run.chart.episode(input.episodeId),
    run.chart.visits({ episodeId: input.episodeId }),
    run.tables
      .selectFrom('placement')
      .selectAll()
      .where('episode_id', '=', input.episodeId)
      .orderBy('created_at', 'desc')
      .limit(1)
      .execute(),
  ])
  const names = new Map(clinic.staff.map((member) => [member.id, member.name]))
  const [placement] = placements
  const children: View[] = []
  if (episode.plan !== null) {
    const done = visits.filter((visit) => visit.state === 'completed').length
    const ahead = visits.filter((visit) => ['booked', 'confirmed', 'arrived', 'in-treatment'].includes(visit.state)).length
    children.push({
      kind: 'key-value',
      rows: [
        {
          label: 'Plan',
          value: `${episode.plan.frequencyPerWeek} visits a week for ${episode.plan.durationWeeks} weeks, to ${episode.plan.certifiedTo}`,
        },
        { label: 'Completed', value: done },
        { label: 'Booked', value: ahead },
        {
          label: 'Authorized',
          value: episode.authorizedVisits ?? 'no limit in the chart',
          ...(episode.authorizedTo === null ? {} : { note: `to ${episode.authorizedTo}` }),
        },
      ],
    })
  }
  if (placement !== undefined && placement.unplaced > 0) {
    children.push({
      kind: 'card',
      title: `${placement.unplaced} visits of the plan have no slot`,
      tone: 'warn',
      children: placement.reasons.map((reason) => ({ kind: 'text', text: `${reason.count}: ${reason.text}` })),
    })
  }
  if (visits.length === 0 && children.length === 0)
    return { view: { kind: 'empty', title: 'No visits yet', hint: 'Visits are proposed here when a plan of care is approved.' } }
  children.push({
    kind: 'table',
    caption: 'Visits',
    columns: [
      { key: 'when', label: 'When' },
      { key: 'kind', label: 'Kind' },
      { key: 'clinician', label: 'Clinician' },
      { key: 'state', label: 'State', as: 'status' },
    ],
    rows: visits.slice(0, 200).map((visit) => ({
      when: tellTime(visit.startsAt, clinic.timeZone),
      kind: visit.kind,
      clinician: names.get(visit.clinicianId) ?? '',
      state: visit.state,
    })),
  })
  return { view: { kind: 'stack', title: 'Visits', children } }
}
