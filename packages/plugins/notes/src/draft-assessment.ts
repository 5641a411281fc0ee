import { compareMeasurements, findGoalValue, findNext, isBeyondError, isReached } from './compare.ts'
import type { Compared } from './compare.ts'
import type { GoalFact, NoteFacts, StatementFact } from './facts.ts'
import { tellWhen } from './draft-measurements.ts'
import { DETECTABLE_CHANGES } from './measures.data.ts'
import { pointAtEpisode, pointAtMeasurement, pointAtVisit, state } from './statements.ts'
import { capitalize, describeMeasure, tellDate, tellNumber, tellSided, tellValue } from './wording.ts'

/** Only what follows by rule from measurements: changes with their measurement error, and goals against their targets. */
export function draftAssessment(facts: NoteFacts): StatementFact[] {
  const changes = compareMeasurements(facts).flatMap((row) => draftChange(row, facts, 'Assessment') ?? [])
  return [...changes, ...draftGoals(facts, 'Assessment')]
}

/** Change since the baseline. In a daily note only measures with a known error get one; a discharge summary also tells the others. */
export function draftChange(row: Compared, facts: NoteFacts, section: string): StatementFact | null {
  const { current, baseline } = row
  if (baseline === null) return null
  const detectable = DETECTABLE_CHANGES[current.code]
  if (detectable === undefined && facts.kind !== 'discharge-summary') return null
  const words = describeMeasure(current.code)
  if (words === null) return null
  const title = capitalize(tellSided(current.side, words.title))
  const [from, to] = [tellValue(current.code, baseline.value), tellValue(current.code, current.value)]
  const since = `since ${tellWhen(baseline, facts) === 'at intake' ? 'intake' : 'the evaluation'}`
  const evidence = [pointAtMeasurement(baseline, facts), pointAtMeasurement(current, facts)]
  if (baseline.value === current.value) return state(section, `${title} unchanged at ${to} ${since}.`, evidence)
  const verb = current.value > baseline.value ? 'increased' : 'decreased'
  const sentence = `${title} ${verb} from ${from} to ${to} ${since}`
  if (detectable === undefined) return state(section, `${sentence}.`, evidence)
  const beyond = isBeyondError(current.code, baseline.value, current.value)
  const worse = current.value > baseline.value !== (words.better === 'up')
  const verdict = beyond === true ? `${worse ? 'a worsening' : 'an improvement'} beyond measurement error` : 'within measurement error'
  const rule = {
    kind: 'rule' as const,
    id: `notes.detectable-change.${current.code}`,
    label: `Minimal detectable change ${detectable.points} points, ${detectable.source}`,
  }
  return state(section, `${sentence}, ${verdict} (MDC ${tellNumber(detectable.points)} points).`, [...evidence, rule])
}

export function draftGoals(facts: NoteFacts, section: string): StatementFact[] {
  return facts.goals.filter((goal) => goal.state !== 'dropped').flatMap((goal) => draftGoal(goal, facts, section) ?? [])
}

function draftGoal(goal: GoalFact, facts: NoteFacts, section: string): StatementFact | null {
  const value = findGoalValue(goal, facts)
  const words = describeMeasure(goal.measurementCode)
  if (value === null || words === null) return null
  const point = (path: string) => ({ kind: 'goal' as const, id: goal.id, path, label: `${goal.label}, ${path}` })
  const bound = goal.direction === 'up' ? 'or more' : 'or less'
  const reached = isReached(goal, value.value) ? 'met' : facts.kind === 'discharge-summary' ? 'not met' : 'not yet met'
  const target = `target ${tellValue(goal.measurementCode, goal.target)} ${bound} by ${tellDate(goal.targetDate, facts.timeZone)}`
  const text = `${goal.label} ${reached}: ${tellSided(value.side, words.title)} ${tellValue(value.code, value.value)}, ${target}.`
  return state(section, text, [point('label'), point('reached'), pointAtMeasurement(value, facts), point('target'), point('targetDate')])
}

/** From the plan in force and the calendar; nothing is decided here. */
export function draftPlan(facts: NoteFacts): StatementFact[] {
  const { plan } = facts.episode
  const statements: StatementFact[] = []
  if (plan !== null) {
    const visits = plan.frequencyPerWeek === 1 ? 'visit' : 'visits'
    const weeks = plan.durationWeeks === 1 ? 'week' : 'weeks'
    const heading = facts.kind === 'evaluation' ? 'Plan of care' : 'Continue plan of care'
    const span = `${tellNumber(plan.frequencyPerWeek)} ${visits} per week for ${tellNumber(plan.durationWeeks)} ${weeks}`
    const text = `${heading}: ${span}, certified through ${tellDate(plan.certifiedTo, facts.timeZone)}.`
    statements.push(
      state(
        'Plan',
        text,
        ['plan.frequencyPerWeek', 'plan.durationWeeks', 'plan.certifiedTo'].map((path) => pointAtEpisode(facts, path)),
      ),
    )
  }
  const next = findNext(facts)
  if (next !== null)
    statements.push(state('Plan', `Next visit ${tellDate(next.startsAt, facts.timeZone)}.`, [pointAtVisit(next, 'startsAt', facts)]))
  return statements
}
