import { draftMeasurements } from './draft-measurements.ts'
import type { EvidenceFact, NoteFacts, StatementFact, VisitFact } from './facts.ts'
import { isTimed, sumMinutes } from './minutes.ts'
import { pointAtEpisode, pointAtVisit, state } from './statements.ts'
import { capitalize, countYears, endSentence, oneLine, quote, tellDate, tellNumber, tellRegion, titleService } from './wording.ts'

/** Longest remark that is quoted; longer ones are listed as not in the note. */
export const MAX_QUOTE = 600

/** Who, what for, since when: an evaluation's opening. */
export function draftHistory(facts: NoteFacts, visit: VisitFact): StatementFact[] {
  const { episode, patient } = facts
  const statements: StatementFact[] = []
  const about = tellComplaint(facts)
  const age = patient === null ? [] : [{ kind: 'patient' as const, id: patient.id, path: 'birthDate', label: 'Age from birth date' }]
  const who = patient === null ? 'Patient' : `${countYears(patient.birthDate, visit.startsAt, facts.timeZone)}-year-old patient`
  statements.push(state('Subjective', `${who} seen for evaluation${about.text}.`, [...age, ...about.evidence]))
  if (episode.diagnoses.length > 0) {
    const noun = episode.diagnoses.length === 1 ? 'Diagnosis' : 'Diagnoses'
    statements.push(
      state(
        'Subjective',
        `${noun}: ${episode.diagnoses.join(', ')}.`,
        episode.diagnoses.map((_, index) => pointAtEpisode(facts, `diagnoses.${index}`)),
      ),
    )
  }
  if (episode.onsetDate !== null)
    statements.push(state('Subjective', `Onset ${tellDate(episode.onsetDate, facts.timeZone)}.`, [pointAtEpisode(facts, 'onsetDate')]))
  if (episode.referredBy !== null)
    statements.push(state('Subjective', `Referred by ${oneLine(episode.referredBy)}.`, [pointAtEpisode(facts, 'referredBy')]))
  return statements
}

function tellComplaint(facts: NoteFacts): { text: string; evidence: EvidenceFact[] } {
  const { side, bodyRegion } = facts.episode
  const visit = facts.visit === null ? [] : [pointAtVisit(facts.visit, 'kind', facts)]
  if (bodyRegion === 'other') return { text: '', evidence: visit }
  if (bodyRegion === 'balance') return { text: ' of balance', evidence: [pointAtEpisode(facts, 'bodyRegion')] }
  const sided = side === 'none' ? [] : [pointAtEpisode(facts, 'side')]
  return {
    text: ` of the ${side === 'none' ? '' : `${side} `}${tellRegion(bodyRegion)}`,
    evidence: [...sided, pointAtEpisode(facts, 'bodyRegion')],
  }
}

export function draftSubjective(facts: NoteFacts, visit: VisitFact): StatementFact[] {
  const words = draftRemarks(facts, visit, 'patient').map((row) =>
    state('Subjective', `Patient ${row.first ? 'reports' : 'also reports'}: ${quote(row.text)}`, [row.evidence]),
  )
  return [...words, ...draftMeasurements(facts, 'Subjective')]
}

export function draftObjective(facts: NoteFacts, visit: VisitFact): StatementFact[] {
  const words = draftRemarks(facts, visit, 'clinician').map((row) =>
    state('Objective', endSentence(capitalize(oneLine(row.text))), [row.evidence]),
  )
  return [...words, ...draftMeasurements(facts, 'Objective'), ...draftPerformed(facts, visit), ...draftServices(facts, visit)]
}

function draftRemarks(facts: NoteFacts, visit: VisitFact, by: 'patient' | 'clinician') {
  return visit.remarks
    .map((remark, index) => ({ ...remark, evidence: pointAtVisit(visit, `remarks.${index}`, facts) }))
    .filter((remark) => remark.by === by && oneLine(remark.text) !== '' && oneLine(remark.text).length <= MAX_QUOTE)
    .map((remark, index) => ({ ...remark, first: index === 0 }))
}

/** `Straight leg raise (right) 3 × 10, 2 lb: good control.` */
function draftPerformed(facts: NoteFacts, visit: VisitFact): StatementFact[] {
  return visit.performed.flatMap((row, index) => {
    // A row whose exercise has no name says nothing; it is listed as not in the note.
    if (!/\p{L}/u.test(row.exercise)) return []
    const side = row.side === undefined || row.side === 'none' ? '' : ` (${row.side})`
    const dose =
      row.sets !== undefined && row.reps !== undefined
        ? ` ${row.sets} × ${row.reps}`
        : row.reps !== undefined
          ? ` ${row.reps} reps`
          : row.sets !== undefined
            ? ` ${row.sets} sets`
            : ''
    const load = row.load === undefined || oneLine(row.load) === '' ? '' : `, ${oneLine(row.load)}`
    const response = row.response === undefined || oneLine(row.response) === '' ? '' : `: ${oneLine(row.response)}`
    return state('Objective', endSentence(`${capitalize(oneLine(row.exercise))}${side}${dose}${load}${response}`), [
      pointAtVisit(visit, `performed.${index}`, facts),
    ])
  })
}

/** Each intervention with its minutes, timed and untimed apart, then both totals (CMS Pub 100-02 ch. 15 §220.3.E). */
function draftServices(facts: NoteFacts, visit: VisitFact): StatementFact[] {
  const rows = visit.services.map((row, index) => ({
    ...row,
    evidence: pointAtVisit(visit, `services.${index}`, facts),
    text: `${titleService(row.service)}${row.side === undefined || row.side === 'none' ? '' : ` (${row.side})`} ${tellNumber(row.minutes)} min`,
  }))
  const statements: StatementFact[] = []
  for (const [heading, group] of [
    ['Timed interventions', rows.filter((row) => isTimed(row.service))],
    ['Untimed interventions', rows.filter((row) => !isTimed(row.service))],
  ] as const) {
    if (group.length > 0)
      statements.push(
        state(
          'Objective',
          `${heading}: ${group.map((row) => row.text).join(', ')}.`,
          group.map((row) => row.evidence),
        ),
      )
  }
  const { timed, total } = sumMinutes(visit)
  const totals = [pointAtVisit(visit, 'services.timed', facts), pointAtVisit(visit, 'services.total', facts)]
  return [
    ...statements,
    state('Objective', `Total timed treatment ${tellNumber(timed)} min; total treatment time ${tellNumber(total)} min.`, totals),
  ]
}
