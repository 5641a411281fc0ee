import { Refusal } from '@gonio/sdk'

import { findEvaluation } from './compare.ts'
import { draftAssessment, draftPlan } from './draft-assessment.ts'
import { draftDischarge } from './draft-discharge.ts'
import { draftHistory, draftObjective, draftSubjective } from './draft-visit.ts'
import type { NoteFacts, NoteKind, StatementFact } from './facts.ts'
import { sumMinutes } from './minutes.ts'
import { findOmitted } from './omitted.ts'
import type { Omitted } from './omitted.ts'
import { SERVICES } from './services.data.ts'
import { tellDate, tellNumber } from './wording.ts'

export interface NoteDraft {
  readonly kind: NoteKind
  readonly title: string
  readonly statements: StatementFact[]
  /** Said or measured, not in the note, and why. */
  readonly omitted: Omitted[]
  /** What the clinician should look at or write: judgment is never drafted. */
  readonly notices: string[]
  readonly text: string
}

const TITLES: Readonly<Record<NoteKind, string>> = {
  evaluation: 'Evaluation',
  'daily-note': 'Daily note',
  're-evaluation': 'Re-evaluation',
  'discharge-summary': 'Discharge summary',
}

/** Facts in, sentences with evidence out; the same facts always give the same note. */
export function draftNote(facts: NoteFacts): NoteDraft {
  const statements = draftStatements(facts)
  const day = facts.visit?.startsAt ?? facts.episode.dischargedAt
  return {
    kind: facts.kind,
    title: day === null ? TITLES[facts.kind] : `${TITLES[facts.kind]}, ${tellDate(day, facts.timeZone)}`,
    statements,
    omitted: findOmitted(facts, statements),
    notices: listNotices(facts, statements),
    text: renderNote(statements),
  }
}

function draftStatements(facts: NoteFacts): StatementFact[] {
  if (facts.kind === 'discharge-summary') return draftDischarge(facts)
  const { visit } = facts
  if (visit === null) throw new Refusal('invalid-input', 'A note about a visit needs the visit.')
  return [
    ...(facts.kind === 'evaluation' ? draftHistory(facts, visit) : []),
    ...draftSubjective(facts, visit),
    ...draftObjective(facts, visit),
    ...draftAssessment(facts),
    ...draftPlan(facts),
  ]
}

export function renderNote(statements: readonly StatementFact[]): string {
  const sections = Map.groupBy(statements, (statement) => statement.section)
  return [...sections].map(([section, rows]) => `${section}\n${rows.map((row) => row.text).join('\n')}`).join('\n\n')
}

function listNotices(facts: NoteFacts, statements: readonly StatementFact[]): string[] {
  const notices: string[] = []
  if (facts.kind === 'evaluation') notices.push('Clinical judgment is not drafted: add why skilled care is needed and the prognosis.')
  if (facts.kind === 'evaluation' && facts.episode.plan === null)
    notices.push('No plan of care is approved yet; it is approved separately.')
  if (facts.kind === 'discharge-summary') notices.push('Home program and instructions are not drafted: add them.')
  else if (!statements.some((row) => row.section === 'Assessment')) notices.push('Nothing to assess by rule: add your assessment.')
  if (facts.kind === 'daily-note' && facts.episode.plan === null) notices.push('No plan of care is in force for this visit.')
  if (facts.kind === 'daily-note' && findEvaluation(facts) === null)
    notices.push('No completed evaluation in this episode: nothing is compared with it.')
  if (facts.visit !== null) notices.push(...checkMinutes(facts.visit))
  return notices
}

function checkMinutes(visit: NonNullable<NoteFacts['visit']>): string[] {
  const { total } = sumMinutes(visit)
  const slot = Math.round((Date.parse(visit.endsAt) - Date.parse(visit.startsAt)) / 60_000)
  const unknown = [...new Set(visit.services.map((row) => row.service).filter((service) => SERVICES[service] === undefined))]
  return [
    ...(visit.services.length === 0 ? ['No minutes are recorded for this visit.'] : []),
    ...(total > slot ? [`${tellNumber(total)} minutes are recorded in a visit of ${slot} minutes.`] : []),
    ...unknown.map((service) => `${service} is not a known service: its minutes count in the total only.`),
  ]
}
