import { api } from '#lib/api.ts'
import { formatDate, instantAt, minutesBetween } from '#lib/clinic-time.ts'
import { act } from '#lib/clinic/act.ts'
import type { VisitCard } from '#lib/api-types.ts'

import { printMinutes } from './board.ts'

/** Moves a visit, keeping its length; answers with the sentence to announce. */
export async function moveVisit(
  card: VisitCard,
  to: { date: string; minutes: number; clinicianId: string; roomId?: string; zone: string },
): Promise<string> {
  const startsAt = instantAt(to.date, to.minutes, to.zone)
  const endsAt = new Date(Date.parse(startsAt) + minutesBetween(card.visit.startsAt, card.visit.endsAt) * 60_000).toISOString()
  const when = `${formatDate(to.date, 'day')}, ${printMinutes(to.minutes)}`
  const acted = await act(
    () =>
      api.visits.move.mutate({
        id: card.visit.id,
        version: card.visit.version,
        startsAt,
        endsAt,
        roomId: to.roomId ?? card.visit.roomId,
        clinicianId: to.clinicianId,
      }),
    { done: `${card.patientName} moved to ${when}.` },
  )
  return acted.ok ? `${card.patientName} moved to ${when}.` : `Not moved. ${acted.problem.message}`
}
