import { Refusal } from '@gonio/sdk'

import type { Activity, AnswerValue, Language, QuestionData } from './question.ts'
import { ANSWER_PROBLEMS } from './texts.data.ts'
import type { AnswerProblem } from './texts.data.ts'

export const MAX_TEXT = 2_000
const MAX_SHORT_TEXT = 120
const MAX_ACTIVITIES = 5
const MAX_AGE_YEARS = 120
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/

export interface AnswerContext {
  readonly language: Language
  /** ISO date of the run. */
  readonly today: string
  /** Known once the patient gave it. */
  readonly birthDate: string | null
}

/**
 * Reads one answer by the kind of its question. Empty answers to optional questions become null.
 *
 * @throws Refusal `invalid-input` or `too-large`, in the patient's language, without the answer itself.
 */
export function readAnswer(question: QuestionData, answer: unknown, context: AnswerContext): AnswerValue {
  const refuse = (problem: AnswerProblem): never => refuseAnswer(problem, context.language)
  if (typeof answer === 'string' && answer.length > MAX_TEXT) return refuse('tooLong')
  if (answer === null || answer === undefined || (typeof answer === 'string' && answer.trim() === '')) {
    return question.optional === true ? null : refuse('missing')
  }
  switch (question.kind) {
    case 'text': {
      if (typeof answer !== 'string' || !/[\p{L}\p{N}]/u.test(answer)) return refuse('text')
      const text = answer
        .normalize('NFC')
        .replace(/\p{Cc}+/gu, ' ')
        .trim()
      return text.length > (question.max ?? MAX_SHORT_TEXT) ? refuse('tooLong') : text
    }
    case 'date':
      return readDate(answer, question, context)
    case 'phone':
      return readPhone(answer, context.language)
    case 'choice':
      return typeof answer === 'string' && question.options?.some((option) => option.value === answer) === true ? answer : refuse('choice')
    case 'yes-no-unsure':
      return answer === 'yes' || answer === 'no' || answer === 'unsure' ? answer : refuse('yesNo')
    case 'scale': {
      const number = typeof answer === 'string' && /^\d{1,3}$/.test(answer.trim()) ? Number(answer) : answer
      return typeof number === 'number' && isWhole(number, question.min ?? 0, question.max ?? 10) ? number : refuse('scale')
    }
    case 'activities':
      return readActivities(answer) ?? refuse('activities')
  }
}

export function refuseAnswer(problem: AnswerProblem, language: Language): never {
  const code =
    problem === 'tooLong' ? 'too-large' : problem === 'noInterview' ? 'not-found' : problem === 'notYet' ? 'wrong-state' : 'invalid-input'
  throw new Refusal(code, ANSWER_PROBLEMS[problem][language], { problem, text: ANSWER_PROBLEMS[problem] })
}

function readDate(answer: unknown, question: QuestionData, context: AnswerContext): string {
  const text = typeof answer === 'string' ? answer.trim() : ''
  if (!isRealDate(text)) return refuseAnswer('date', context.language)
  if (text > context.today) return refuseAnswer('future', context.language)
  if (Number(text.slice(0, 4)) < Number(context.today.slice(0, 4)) - MAX_AGE_YEARS) return refuseAnswer('longAgo', context.language)
  if (question.id !== 'birth-date' && context.birthDate !== null && text < context.birthDate)
    return refuseAnswer('beforeBirth', context.language)
  return text
}

function isRealDate(text: string): boolean {
  const parts = ISO_DATE.exec(text)
  if (parts === null) return false
  const date = new Date(`${text}T00:00:00Z`)
  // JavaScript rolls February 30 over to March: compare what came back.
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text
}

/** US numbers only (NANP: area code and exchange never start with 0 or 1), kept as E.164. */
function readPhone(answer: unknown, language: Language): string {
  if (typeof answer !== 'string' || !/^[\d\s().+-]{10,25}$/.test(answer.trim())) return refuseAnswer('phone', language)
  const digits = answer.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '')
  return /^[2-9]\d{2}[2-9]\d{6}$/.test(digits) ? `+1${digits}` : refuseAnswer('phone', language)
}

function readActivities(answer: unknown): readonly Activity[] | null {
  if (!Array.isArray(answer) || answer.length === 0 || answer.length > MAX_ACTIVITIES) return null
  const activities: Activity[] = []
  for (const entry of answer) {
    const name: unknown = Reflect.get(Object(entry), 'name')
    const score: unknown = Reflect.get(Object(entry), 'score')
    if (
      typeof name !== 'string' ||
      name.trim() === '' ||
      name.length > MAX_SHORT_TEXT ||
      typeof score !== 'number' ||
      !isWhole(score, 0, 10)
    )
      return null
    const clean = name
      .normalize('NFC')
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
    if (activities.some((other) => other.name.toLowerCase() === clean.toLowerCase())) return null
    activities.push({ name: clean, score })
  }
  return activities
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}

/** Full years on `today`; both are ISO dates. */
export function ageOn(today: string, birthDate: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years
}
