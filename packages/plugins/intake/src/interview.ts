import { BODY_REGIONS } from '@gonio/sdk'
import type { BodyRegion } from '@gonio/sdk'

import { ageOn } from './answers.ts'
import { evaluate } from './condition.ts'
import type { FlagAnswer } from './condition.ts'
import { readFreeText } from './free-text.ts'
import { CLOSING, OPENING } from './interview.data.ts'
import type { Answers, QuestionCondition, QuestionData } from './question.ts'
import { RED_FLAG_ITEMS } from './red-flag-items.data.ts'
import { findFlags } from './red-flags.ts'
import type { CheckOutput } from './red-flags.ts'

/** What is known about the interview besides its answers. */
export interface InterviewFacts {
  readonly newPatient: boolean
  /** From the referral or the front desk; null: the patient is asked. */
  readonly bodyRegion: BodyRegion | null
  /** From the chart for a patient who is known. */
  readonly birthDate: string | null
  readonly askInsurance: boolean
  readonly today: string
}

/** Every question of this interview in order, as far as the answers so far tell. */
export function planQuestions(facts: InterviewFacts, answers: Answers): readonly QuestionData[] {
  return [...OPENING, ...redFlagQuestions(facts, answers), ...CLOSING].filter(
    (question) => question.when === undefined || isAsked(question.when, facts, answers),
  )
}

/** The first question without an answer, or null when the interview is complete. */
export function findNextQuestion(facts: InterviewFacts, answers: Answers): QuestionData | null {
  return planQuestions(facts, answers).find((question) => !answers.has(question.id)) ?? null
}

/** Flags of the answers so far; while the closed question can still be asked, a mere hint in the text does not count. */
export function flagsOf(facts: InterviewFacts, answers: Answers): Omit<CheckOutput, 'wording'> {
  return findFlags({
    region: regionOf(facts, answers),
    age: ageOf(facts, answers),
    answers: closedAnswers(facts, answers),
    texts: textsOf(answers),
    hintsCount: false,
  })
}

/** Everything the patient wrote in free words about the problem. */
function textsOf(answers: Answers): readonly string[] {
  const story = answers.get('story')
  const activities = answers.get('activities')
  const names = Array.isArray(activities) ? activities.map((activity) => activity.name) : []
  return typeof story === 'string' ? [story, ...names] : names
}

/** `other` until the patient has said where it hurts: the rules that need no region hold already. */
export function regionOf(facts: InterviewFacts, answers: Answers): BodyRegion {
  return facts.bodyRegion ?? BODY_REGIONS.find((region) => region === answers.get('body-region')) ?? 'other'
}

function ageOf(facts: InterviewFacts, answers: Answers): number | null {
  const said = answers.get('birth-date')
  const birthDate = facts.birthDate ?? (typeof said === 'string' ? said : null)
  return birthDate === null ? null : ageOn(facts.today, birthDate)
}

/** Items of the region, then those that the patient's own words point at: a text can add a question, never take one away. */
function redFlagQuestions(facts: InterviewFacts, answers: Answers): readonly QuestionData[] {
  const raised = new Set(textsOf(answers).flatMap((text) => readFreeText(text).map((hit) => hit.item)))
  const region = regionOf(facts, answers)
  const known = { region, age: ageOf(facts, answers), answers: closedAnswers(facts, answers) }
  const asked = RED_FLAG_ITEMS.filter((item) => {
    const derived = known.answers.has(item.id) && !answers.has(item.id)
    if (derived) return false
    if (raised.has(item.id) || answers.has(item.id)) return true
    return (item.regions === 'all' || item.regions.includes(region)) && (item.when === undefined || evaluate(item.when, known, true).holds)
  })
  return asked
    .toSorted((a, b) => Number(raised.has(b.id)) - Number(raised.has(a.id)))
    .map((item) => ({ id: item.id, kind: 'yes-no-unsure', text: item.text, ...(item.hint === undefined ? {} : { hint: item.hint }) }))
}

/** Wells counts surgery of the last 12 weeks: a date of surgery answers that item by itself. */
const SURGERY_DAYS = 84
const DAY_MS = 86_400_000

function closedAnswers(facts: InterviewFacts, answers: Answers): ReadonlyMap<string, FlagAnswer> {
  const closed = new Map<string, FlagAnswer>()
  for (const item of RED_FLAG_ITEMS) {
    const answer = answers.get(item.id)
    if (answer === 'yes' || answer === 'no' || answer === 'unsure') closed.set(item.id, answer)
  }
  const surgery = answers.get('surgery-date')
  if (typeof surgery === 'string' && Date.parse(facts.today) - Date.parse(surgery) <= SURGERY_DAYS * DAY_MS)
    closed.set('recent-surgery-12-weeks', 'yes')
  return closed
}

function isAsked(when: QuestionCondition, facts: InterviewFacts, answers: Answers): boolean {
  if ('newPatient' in when) return facts.newPatient
  if ('regionUnknown' in when) return facts.bodyRegion === null
  if ('insurance' in when) return facts.askInsurance
  if ('answered' in when) return (answers.get(when.answered) ?? null) !== null
  if ('all' in when) return when.all.every((inner) => isAsked(inner, facts, answers))
  const answer = answers.get(when.answer)
  return typeof answer === 'string' && when.in.includes(answer)
}
