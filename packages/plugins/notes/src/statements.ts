import type { EvidenceFact, MeasurementFact, NoteFacts, StatementFact, VisitFact } from './facts.ts'
import { capitalize, describeMeasure, tellDate, tellSided, tellValue } from './wording.ts'

export function state(section: string, text: string, evidence: readonly EvidenceFact[]): StatementFact {
  return { section, text, evidence: [...evidence], origin: 'rule' }
}

export function pointAtMeasurement(fact: MeasurementFact, facts: NoteFacts): EvidenceFact {
  const title = describeMeasure(fact.code)?.title ?? fact.code
  return {
    kind: 'measurement',
    id: fact.id,
    path: 'value',
    label: `${capitalize(tellSided(fact.side, title))} ${tellValue(fact.code, fact.value)}, ${tellDate(fact.takenAt, facts.timeZone)}`,
  }
}

export function pointAtVisit(visit: VisitFact, path: string, facts: NoteFacts): EvidenceFact {
  return { kind: 'visit', id: visit.id, path, label: `Visit ${tellDate(visit.startsAt, facts.timeZone)}, ${path}` }
}

export function pointAtEpisode(facts: NoteFacts, path: string): EvidenceFact {
  return { kind: 'episode', id: facts.episode.id, path, label: `Episode, ${path}` }
}
