import type { GoalFact, MeasurementFact, NoteFacts, VisitFact } from './facts.ts'
import { DETECTABLE_CHANGES } from './measures.data.ts'
import { findMeasureProblem } from './wording.ts'

export interface Compared {
  readonly current: MeasurementFact
  /** Value of the previous visit, unless that was the evaluation. */
  readonly previous: MeasurementFact | null
  readonly baseline: MeasurementFact | null
}

/** The last completed visit before the note's. */
export function findPrevious(facts: NoteFacts): VisitFact | null {
  const { visit } = facts
  if (visit === null) return null
  return completed(facts).findLast((other) => other.id !== visit.id && Date.parse(other.startsAt) < Date.parse(visit.startsAt)) ?? null
}

export function findEvaluation(facts: NoteFacts): VisitFact | null {
  const all = facts.visit === null ? completed(facts) : [...completed(facts), facts.visit]
  return all.find((visit) => visit.kind === 'evaluation') ?? null
}

export function findNext(facts: NoteFacts): VisitFact | null {
  const { visit } = facts
  if (visit === null) return null
  return (
    facts.history
      .filter(
        (other) => (other.state === 'booked' || other.state === 'confirmed') && Date.parse(other.startsAt) > Date.parse(visit.startsAt),
      )
      .toSorted(byStart)[0] ?? null
  )
}

export function completed(facts: NoteFacts): VisitFact[] {
  return facts.history.filter((visit) => visit.state === 'completed').toSorted(byStart)
}

/** The measurements a note speaks of, each with what it may be compared to; one value for a code and side, the latest. */
export function compareMeasurements(facts: NoteFacts): Compared[] {
  const sound = facts.measurements.filter((fact) => findMeasureProblem(fact) === null)
  const previous = findPrevious(facts)
  const evaluation = findEvaluation(facts)
  return latestEach(sound.filter((fact) => belongs(fact, facts))).map((current) => {
    const same = sound.filter(
      (fact) =>
        fact.code === current.code &&
        fact.side === current.side &&
        fact.id !== current.id &&
        Date.parse(fact.takenAt) < Date.parse(current.takenAt),
    )
    const ofVisit = (visit: VisitFact | null): MeasurementFact | null =>
      visit === null ? null : (latestEach(same.filter((fact) => fact.visitId === visit.id))[0] ?? null)
    const intake = same.filter(
      (fact) => fact.visitId === null && (evaluation === null || Date.parse(fact.takenAt) <= Date.parse(evaluation.endsAt)),
    )
    const isEvaluation = facts.visit !== null && facts.visit.id === evaluation?.id
    return {
      current,
      previous: previous === null || previous.id === evaluation?.id ? null : ofVisit(previous),
      baseline: isEvaluation ? null : (ofVisit(evaluation) ?? latestEach(intake)[0] ?? null),
    }
  })
}

/** A value belongs to a note when it was taken in its visit; to an evaluation also from intake; to a discharge summary all do. */
function belongs(fact: MeasurementFact, facts: NoteFacts): boolean {
  if (facts.visit === null) return true
  if (fact.visitId === facts.visit.id) return true
  return facts.visit.kind === 'evaluation' && fact.visitId === null && Date.parse(fact.takenAt) <= Date.parse(facts.visit.endsAt)
}

function latestEach(facts: readonly MeasurementFact[]): MeasurementFact[] {
  const latest = new Map<string, MeasurementFact>()
  for (const fact of facts) {
    const key = `${fact.code} ${fact.side}`
    const other = latest.get(key)
    if (other === undefined || Date.parse(other.takenAt) <= Date.parse(fact.takenAt)) latest.set(key, fact)
  }
  return [...latest.values()]
}

/** The value a goal is judged by: of the note's measurements, the latest of its code. */
export function findGoalValue(goal: GoalFact, facts: NoteFacts): MeasurementFact | null {
  return (
    compareMeasurements(facts)
      .map((row) => row.current)
      .filter((fact) => fact.code === goal.measurementCode)
      .toSorted((a, b) => Date.parse(a.takenAt) - Date.parse(b.takenAt))
      .at(-1) ?? null
  )
}

export function isReached(goal: GoalFact, value: number): boolean {
  return goal.direction === 'up' ? value >= goal.target : value <= goal.target
}

/** Whether a change is more than measurement error; null for a measure without a sourced figure. */
export function isBeyondError(code: string, from: number, to: number): boolean | null {
  const detectable = DETECTABLE_CHANGES[code]
  // Values carry at most two decimals: the rounding keeps 5.3 − 3.3 at 2.
  return detectable === undefined ? null : Math.round(Math.abs(to - from) * 100) / 100 >= detectable.points
}

function byStart(a: VisitFact, b: VisitFact): number {
  return Date.parse(a.startsAt) - Date.parse(b.startsAt)
}
