import { compareMeasurements, completed } from './compare.ts'
import { draftChange, draftGoals } from './draft-assessment.ts'
import type { NoteFacts, StatementFact } from './facts.ts'
import { pointAtEpisode, pointAtMeasurement, pointAtVisit, state } from './statements.ts'
import { capitalize, describeMeasure, tellDate, tellSided, tellValue } from './wording.ts'

/** Course of care, outcomes against the evaluation, goals, discharge. */
export function draftDischarge(facts: NoteFacts): StatementFact[] {
  return [...draftCourse(facts), ...draftOutcomes(facts), ...draftGoals(facts, 'Goals'), ...draftEnd(facts)]
}

function draftCourse(facts: NoteFacts): StatementFact[] {
  const visits = completed(facts)
  const [first, last] = [visits[0], visits.at(-1)]
  const statements: StatementFact[] = []
  if (facts.episode.diagnoses.length > 0) {
    const noun = facts.episode.diagnoses.length === 1 ? 'Diagnosis' : 'Diagnoses'
    statements.push(
      state(
        'Course of care',
        `${noun}: ${facts.episode.diagnoses.join(', ')}.`,
        facts.episode.diagnoses.map((_, index) => pointAtEpisode(facts, `diagnoses.${index}`)),
      ),
    )
  }
  if (first === undefined || last === undefined) return statements
  const count = pointAtEpisode(facts, 'visits.completed')
  if (first.id === last.id) {
    return [
      ...statements,
      state('Course of care', `1 completed visit, ${tellDate(first.startsAt, facts.timeZone)}.`, [
        count,
        pointAtVisit(first, 'startsAt', facts),
      ]),
    ]
  }
  const span = `${visits.length} completed visits from ${tellDate(first.startsAt, facts.timeZone)} to ${tellDate(last.startsAt, facts.timeZone)}.`
  return [
    ...statements,
    state('Course of care', span, [count, pointAtVisit(first, 'startsAt', facts), pointAtVisit(last, 'startsAt', facts)]),
  ]
}

function draftOutcomes(facts: NoteFacts): StatementFact[] {
  return compareMeasurements(facts).map((row) => {
    const change = draftChange(row, facts, 'Outcomes')
    if (change !== null) return change
    const { current } = row
    const title = capitalize(tellSided(current.side, describeMeasure(current.code)?.title ?? current.code))
    return state('Outcomes', `${title} ${tellValue(current.code, current.value)}, measured once.`, [pointAtMeasurement(current, facts)])
  })
}

function draftEnd(facts: NoteFacts): StatementFact[] {
  const { dischargedAt } = facts.episode
  return dischargedAt === null
    ? []
    : [state('Discharge', `Discharged on ${tellDate(dischargedAt, facts.timeZone)}.`, [pointAtEpisode(facts, 'dischargedAt')])]
}
