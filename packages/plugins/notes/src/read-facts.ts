import { parseWith } from '@gonio/sdk'
import type { ChartReader, VisitKind } from '@gonio/sdk'

import { NoteFacts } from './facts.ts'
import type { NoteKind } from './facts.ts'

const KIND_OF_VISIT: Readonly<Record<VisitKind, NoteKind>> = {
  evaluation: 'evaluation',
  treatment: 'daily-note',
  're-evaluation': 're-evaluation',
  discharge: 'daily-note',
}

export function kindOfVisit(kind: VisitKind): NoteKind {
  return KIND_OF_VISIT[kind]
}

/** Reads from the chart all that a note of this episode may say. */
export async function readFacts(
  chart: ChartReader,
  of: { episodeId: string; visitId: string | null; kind?: NoteKind },
): Promise<NoteFacts> {
  const [clinic, episode, visits, measurements, goals] = await Promise.all([
    chart.clinic(),
    chart.episode(of.episodeId),
    chart.visits({ episodeId: of.episodeId }),
    chart.measurements({ episodeId: of.episodeId }),
    chart.goals({ episodeId: of.episodeId }),
  ])
  const visit = of.visitId === null ? null : (visits.find((row) => row.id === of.visitId) ?? (await chart.visit(of.visitId)))
  const known = {
    kind: of.kind ?? (visit === null ? 'discharge-summary' : kindOfVisit(visit.kind)),
    timeZone: clinic.timeZone,
    visit,
    patient: await chart.patient(episode.patientId),
    episode,
    history: visits.filter((row) => row.id !== visit?.id),
    measurements,
    goals,
  }
  return parseWith(NoteFacts, known, 'The record of the visit')
}
