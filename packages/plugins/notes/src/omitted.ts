import { MAX_QUOTE } from './draft-visit.ts'
import { readActivities } from './draft-measurements.ts'
import type { NoteFacts, StatementFact } from './facts.ts'
import { describeMeasure, findMeasureProblem, oneLine, tellNumber, tellSided, titleService } from './wording.ts'

export interface Omitted {
  readonly kind: 'measurement' | 'visit'
  readonly id: string
  readonly path: string
  readonly label: string
  readonly reason: string
}

/** Everything said or measured in the visit that no sentence points at, also after a clinician removed sentences. */
export function findOmitted(facts: NoteFacts, statements: readonly StatementFact[]): Omitted[] {
  const stated = new Set(
    statements.flatMap((row) => row.evidence.map((evidence) => `${evidence.kind} ${evidence.id} ${evidence.path ?? ''}`)),
  )
  return listFacts(facts).filter((fact) => !stated.has(`${fact.kind} ${fact.id} ${fact.path}`))
}

function listFacts(facts: NoteFacts): Omitted[] {
  const { visit } = facts
  if (visit === null) return []
  const measured = facts.measurements.filter((fact) => fact.visitId === visit.id)
  return [
    ...measured.map((fact) => ({
      kind: 'measurement' as const,
      id: fact.id,
      path: 'value',
      reason: findMeasureProblem(fact) ?? 'not stated, or a later value of the same visit is',
      label: `${tellSided(fact.side, describeMeasure(fact.code)?.title ?? fact.code)} ${tellNumber(fact.value)} ${fact.unit}`,
    })),
    ...measured
      .filter((fact) => fact.code === 'psfs')
      .flatMap((fact) =>
        readActivities(fact).map((activity) => ({
          kind: 'measurement' as const,
          id: fact.id,
          path: `detail.activities.${activity.index}`,
          label: `Rated activity: ${activity.name}`,
          reason: 'not stated',
        })),
      ),
    ...visit.remarks.map((remark, index) => ({
      kind: 'visit' as const,
      id: visit.id,
      path: `remarks.${index}`,
      label: `${remark.by}: ${oneLine(remark.text).slice(0, 120)}`,
      reason: oneLine(remark.text).length > MAX_QUOTE ? 'too long to quote: pick what matters' : 'not stated',
    })),
    ...visit.performed.map((row, index) => ({
      kind: 'visit' as const,
      id: visit.id,
      path: `performed.${index}`,
      label: row.exercise,
      reason: /\p{L}/u.test(row.exercise) ? 'not stated' : 'the exercise has no name',
    })),
    ...visit.services.map((row, index) => ({
      kind: 'visit' as const,
      id: visit.id,
      path: `services.${index}`,
      label: `${titleService(row.service)} ${row.minutes} min`,
      reason: 'not stated',
    })),
  ]
}
