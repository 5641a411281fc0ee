import { ACTIVE_CODES, DATE_ROLES, INACTIVE_CODES, INSURANCE_TYPES, PENDING_CODES } from './codes.data.ts'
import { agree } from './fact.ts'
import type { Candidate, Fact } from './fact.ts'
import { meaningOf } from './lookup.ts'
import type { BenefitLine, Period, Person } from './model.ts'
import { answerByNetwork, isInPeriod, tierOf } from './select.ts'
import type { ByNetwork, Question } from './select.ts'

const ACTIVE_UNKNOWN = 'The answer does not say whether the coverage is active.'

/** Whether the plan is in force on the day: the plan line (30) first, then therapy; another active service is only a hint. */
export function readActive(person: Person, { on }: Question): Fact<boolean> {
  const lines = statusLines(person, on)
  const plan = lines.filter(isPlanLine)
  const therapy = lines.filter((line) => tierOf(line)?.therapy === true)
  const others = lines.filter((line) => ACTIVE_CODES.includes(line.info))
  const chosen = plan.length > 0 ? plan : therapy.length > 0 ? therapy : others
  const hint = chosen === others && chosen.length > 0 ? 'Stated for other services only.' : ''
  const fact = agree(
    chosen.map((line) => statusOf(line, hint)),
    null,
    rejectionNote(person) ?? ACTIVE_UNKNOWN,
  )
  return checkDates(fact, { person, lines: chosen, on })
}

/** Lines of the right period first; lines of another period alone are looked at so that the contradiction is told. */
function statusLines(person: Person, on: string | null): BenefitLine[] {
  const all = person.lines.filter(
    (line) => line.malformed.length === 0 && line.procedure === '' && [...ACTIVE_CODES, ...INACTIVE_CODES].includes(line.info),
  )
  const current = all.filter((line) => isInPeriod(line.dates, on))
  return current.length > 0 ? current : all
}

function isPlanLine(line: BenefitLine): boolean {
  return line.serviceTypes.includes('30') || line.serviceTypes.length === 0
}

function statusOf(line: BenefitLine, hint: string): Candidate<boolean> {
  const value = ACTIVE_CODES.includes(line.info)
  const pending = PENDING_CODES.includes(line.info)
  const note = [hint, pending ? 'The payer says it is still under review: ask.' : ''].join(' ').trim()
  return {
    value,
    certainty: pending || hint !== '' ? 'derived' : 'stated',
    source: line.source,
    serviceType: tierOf(line)?.serviceType ?? line.serviceTypes[0] ?? null,
    note,
  }
}

/** "Active" beside a plan that ended or has not begun is a contradiction, not an answer. */
function checkDates(fact: Fact<boolean>, of: { person: Person; lines: readonly BenefitLine[]; on: string | null }): Fact<boolean> {
  const { person, lines, on } = of
  if (fact.value !== true || on === null) return fact
  const bad = [...person.dates, ...lines.flatMap((line) => line.dates)].filter((date) => !isInPeriod([date], on))
  if (bad.length === 0) return fact
  return {
    ...fact,
    value: null,
    certainty: 'conflict',
    also: [...fact.also, ...bad.map((date) => date.source)],
    note: 'Stated as active, but its dates do not cover the day of service: ask the payer.',
  }
}

export function rejectionNote(person: Person): string | null {
  const [reject] = person.rejects
  return reject === undefined ? null : `The payer did not answer: ${reject.reason}.`
}

export function readPlanName(person: Person, question: Question): Fact<string> {
  const fact = fromStatusLine(person, question, (line) => line.planName, 'No plan name is stated.')
  const reference = person.planReference
  if (fact.certainty !== 'absent' || reference === null || reference.name === '') return fact
  return agree([{ value: reference.name, certainty: 'stated', source: reference.source }], null, '')
}

export function readInsuranceType(person: Person, question: Question): Fact<string> {
  return fromStatusLine(
    person,
    question,
    (line) => (line.insuranceType === '' ? '' : meaningOf(INSURANCE_TYPES, line.insuranceType)),
    'No kind of plan is stated.',
  )
}

function fromStatusLine(person: Person, { on }: Question, read: (line: BenefitLine) => string, ifNone: string): Fact<string> {
  const offer = (lines: readonly BenefitLine[], certainty: 'stated' | 'derived'): Candidate<string>[] =>
    lines.filter((line) => read(line) !== '').map((line) => ({ value: read(line), certainty, source: line.source }))
  const lines = statusLines(person, on)
  const plan = offer(lines.filter(isPlanLine), 'stated')
  if (plan.length > 0) return agree(plan, null, ifNone)
  const rest = offer([...lines, ...person.lines.filter((line) => line.malformed.length === 0 && line.info !== 'R')], 'derived')
  return agree(rest, null, ifNone)
}

/** First and last day of the plan or of the eligibility, from the dates of the person and of the plan line. */
export function readPlanDate(person: Person, which: 'begin' | 'end'): Fact<string> {
  const codes: readonly string[] = which === 'begin' ? DATE_ROLES.planBegin : DATE_ROLES.planEnd
  const ranges: readonly string[] = DATE_ROLES.planRange
  const dates = [
    ...person.dates,
    ...person.lines
      .filter((line) => line.malformed.length === 0 && isPlanLine(line) && ACTIVE_CODES.includes(line.info))
      .flatMap((line) => line.dates),
  ]
  const offers = dates.flatMap((date): Candidate<string>[] => {
    const ranged = ranges.includes(date.qualifier) || codes.includes(date.qualifier)
    const value = pick(date, which, codes)
    return ranged && value !== null ? [{ value, certainty: 'stated', source: date.source }] : []
  })
  return agree(offers, null, 'Not stated.')
}

function pick(date: Period, which: 'begin' | 'end', codes: readonly string[]): string | null {
  if (codes.includes(date.qualifier)) return which === 'begin' ? date.from : date.to
  if (date.from === date.to) return null
  return which === 'begin' ? date.from : date.to
}

/** Whether therapy itself is covered. A plan in force without a therapy line is "not stated", not "covered". */
export function readTherapyCovered(lines: readonly BenefitLine[], question: Question): ByNetwork<boolean> {
  const explicit = lines.some(
    (line) => tierOf(line)?.therapy === true && [...ACTIVE_CODES, ...INACTIVE_CODES, 'I', 'E'].includes(line.info),
  )
  return answerByNetwork<boolean>(lines, {
    general: 'ignore',
    placeOfService: question.placeOfService,
    levels: [],
    ifNone: 'No line of the answer is about physical therapy: not stated, so ask.',
    read(line) {
      if (ACTIVE_CODES.includes(line.info))
        return [{ value: true, certainty: PENDING_CODES.includes(line.info) ? 'derived' : 'stated', source: line.source }]
      if (INACTIVE_CODES.includes(line.info) || line.info === 'I')
        return [{ value: false, certainty: PENDING_CODES.includes(line.info) ? 'derived' : 'stated', source: line.source }]
      if (line.info === 'E')
        return [
          { value: false, certainty: 'derived', source: line.source, note: 'An exclusion is stated, which may be partial: read its text.' },
        ]
      if (!explicit && ['A', 'B', 'F', 'H'].includes(line.info))
        return [
          { value: true, certainty: 'derived', source: line.source, note: 'A benefit is stated for therapy, but not that it is covered.' },
        ]
      return []
    },
  })
}
