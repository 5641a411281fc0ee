import { compareMeasurements, findEvaluation } from './compare.ts'
import type { Compared } from './compare.ts'
import type { EvidenceFact, MeasurementFact, NoteFacts, StatementFact } from './facts.ts'
import { pointAtMeasurement, state } from './statements.ts'
import { capitalize, describeMeasure, oneLine, quote, tellNumber, tellSided, tellValue } from './wording.ts'

/** One sentence a measure: the value, then the previous visit's and the evaluation's where they exist. */
export function draftMeasurements(facts: NoteFacts, section: 'Subjective' | 'Objective'): StatementFact[] {
  return compareMeasurements(facts)
    .filter((row) => describeMeasure(row.current.code)?.section === section)
    .toSorted((a, b) => rank(a.current) - rank(b.current))
    .map((row) => draftMeasurement(row, facts, section))
}

function draftMeasurement(row: Compared, facts: NoteFacts, section: string): StatementFact {
  const { current, previous, baseline } = row
  const title = describeMeasure(current.code)?.title ?? current.code
  const evidence: EvidenceFact[] = [pointAtMeasurement(current, facts)]
  const compared: string[] = []
  if (previous !== null) {
    compared.push(`${tellValue(previous.code, previous.value)} at the previous visit`)
    evidence.push(pointAtMeasurement(previous, facts))
  }
  if (baseline !== null) {
    compared.push(`${tellValue(baseline.code, baseline.value)} ${tellWhen(baseline, facts)}`)
    evidence.push(pointAtMeasurement(baseline, facts))
  }
  const atIntake = current.visitId === null ? ' at intake' : ''
  const bracket = compared.length === 0 ? '' : ` (${compared.join(', ')})`
  const activities = current.code === 'psfs' ? draftActivities(current) : { text: '', evidence: [] }
  const text = `${capitalize(tellSided(current.side, title))} ${tellValue(current.code, current.value)}${atIntake}${bracket}${activities.text}.`
  return state(section, text, [...evidence, ...activities.evidence])
}

export function tellWhen(fact: MeasurementFact, facts: NoteFacts): string {
  return fact.visitId !== null && fact.visitId === findEvaluation(facts)?.id ? 'at the evaluation' : 'at intake'
}

/** The activities a patient chose, in the patient's words, with their ratings. */
function draftActivities(fact: MeasurementFact): { text: string; evidence: EvidenceFact[] } {
  const activities = readActivities(fact).slice(0, 5)
  if (activities.length === 0) return { text: '', evidence: [] }
  return {
    text: `: ${activities.map((activity) => `${quote(activity.name)} ${tellNumber(activity.score)}/10`).join(', ')}`,
    evidence: activities.map((activity) => ({
      kind: 'measurement',
      id: fact.id,
      path: `detail.activities.${activity.index}`,
      label: `Rated activity ${activity.index + 1}`,
    })),
  }
}

export function readActivities(fact: MeasurementFact): { index: number; name: string; score: number }[] {
  const list: unknown = fact.detail?.['activities']
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown, index) => {
    const name: unknown = Reflect.get(Object(item), 'name')
    const score: unknown = Reflect.get(Object(item), 'score')
    return typeof name === 'string' && oneLine(name) !== '' && typeof score === 'number' ? [{ index, name: name.slice(0, 200), score }] : []
  })
}

/** Pain first, then function, then motion, strength and tests. */
function rank(fact: MeasurementFact): number {
  const order = ['nprs', 'psfs', 'lefs']
  if (order.includes(fact.code)) return order.indexOf(fact.code)
  if (fact.code.startsWith('rom.')) return 10
  return fact.code.startsWith('strength.') ? 11 : 12
}
