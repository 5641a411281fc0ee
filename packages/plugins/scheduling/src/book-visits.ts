import { Refusal } from '@gonio/sdk'
import type { ActionDefinition, ApplyRun, View } from '@gonio/sdk'
import { z } from 'zod'

import { tellTime } from './calendar.ts'
import { checkVisits } from './check-visits.ts'
import { VisitFacts } from './facts.ts'
import { readAround } from './read-visits.ts'
import type { SchedulingSettings } from './settings.ts'
import type { SchedulingTables } from './tables.ts'

const BookedVisit = VisitFacts.omit({ state: true })

export const BookingPayload = z.object({
  episodeId: z.uuid(),
  /** Zone and names, for the reviewer's table only. */
  timeZone: z.string().max(60),
  names: z.record(z.string(), z.string().max(120)),
  visits: z.array(BookedVisit).min(1, 'Keep at least one visit.').max(200),
  unplaced: z.int().min(0),
  reasons: z.array(z.object({ rule: z.string().max(60), count: z.int(), text: z.string().max(1_000) })).max(40),
})
export type BookingPayload = z.infer<typeof BookingPayload>

export const bookVisits: ActionDefinition<BookingPayload, SchedulingTables, SchedulingSettings> = {
  name: 'visit.book',
  title: 'Book visits',
  payload: BookingPayload,
  decide: { roles: ['front-desk'] },
  risk: 'administrative',
  expiresAfterHours: 24 * 5,
  effects: ['visit.book'],
  summarize: summarizeBooking,
  apply: applyBooking,
}

async function applyBooking(payload: BookingPayload, run: ApplyRun<SchedulingTables, SchedulingSettings>): Promise<void> {
  const [clinic, episode] = await Promise.all([run.chart.clinic(), run.chart.episode(payload.episodeId)])
  if (episode.state === 'discharged') throw new Refusal('wrong-state', 'This episode is discharged: nothing can be booked for it.')
  if (payload.visits.some((visit) => visit.episodeId !== episode.id || visit.patientId !== episode.patientId)) {
    throw new Refusal('invalid-input', 'A visit names another patient or episode than the proposal. Propose the visits again.')
  }
  const existing = await readAround(run.chart, payload.visits, episode.patientId)
  const problems = checkVisits({
    clinic,
    existing,
    visits: payload.visits.map((visit) => ({ ...visit, state: 'booked' as const })),
    limits: {
      authorizedVisits: episode.authorizedVisits,
      authorizedTo: episode.authorizedTo,
      certifiedTo: episode.plan?.certifiedTo ?? null,
    },
  })
  const [first] = problems
  if (first !== undefined) {
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
    throw new Refusal(first.code, `${first.text}${more}`, { visits: problems.map((problem) => problem.visitId) })
  }
  for (const visit of payload.visits) run.change({ kind: 'visit.book', visit })
  await run.tables
    .updateTable('placement')
    .set({ state: 'booked' })
    .where('episode_id', '=', payload.episodeId)
    .where('state', '=', 'proposed')
    .execute()
}

export function summarizeBooking(payload: BookingPayload): View {
  const name = (id: string): string => payload.names[id] ?? id
  const rows = payload.visits
    .toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
    .map((visit) => ({
      when: tellTime(visit.startsAt, payload.timeZone),
      minutes: Math.round((Date.parse(visit.endsAt) - Date.parse(visit.startsAt)) / 60_000),
      clinician: name(visit.clinicianId),
      room: name(visit.roomId),
    }))
  return {
    kind: 'stack',
    children: [
      {
        kind: 'table',
        caption: `${rows.length} visits`,
        columns: [
          { key: 'when', label: 'When' },
          { key: 'minutes', label: 'Minutes', as: 'number' },
          { key: 'clinician', label: 'Clinician' },
          { key: 'room', label: 'Room' },
        ],
        rows,
      },
      ...(payload.unplaced === 0
        ? []
        : [{ kind: 'text' as const, tone: 'warn' as const, text: `${payload.unplaced} visits of the plan have no slot:` }]),
      ...payload.reasons.map((reason): View => ({ kind: 'text', text: `${reason.count}: ${reason.text}` })),
    ],
  }
}
