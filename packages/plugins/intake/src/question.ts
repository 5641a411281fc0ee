import { z } from 'zod'

/** A text for patients in both languages; English stays at grade 6 or below (a test counts). */
export const Words = z.object({ en: z.string(), es: z.string() })
export type Words = z.infer<typeof Words>
export type Language = 'en' | 'es'

export const QUESTION_KINDS = ['text', 'date', 'phone', 'choice', 'scale', 'yes-no-unsure', 'activities'] as const
export type QuestionKind = (typeof QUESTION_KINDS)[number]

/** One question as the patient page draws it: one a step. */
export const Question = z.object({
  id: z.string(),
  kind: z.enum(QUESTION_KINDS),
  text: Words,
  hint: Words.optional(),
  options: z.array(z.object({ value: z.string(), label: Words })).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  optional: z.boolean().optional(),
  progress: z.object({ done: z.number(), of: z.number() }),
})
export type Question = z.infer<typeof Question>

/** A question as the interview data holds it: `when` decides whether it is asked. */
export interface QuestionData extends Omit<Question, 'progress'> {
  readonly when?: QuestionCondition
}

export type QuestionCondition =
  | { readonly newPatient: true }
  | { readonly regionUnknown: true }
  | { readonly insurance: true }
  | { readonly answered: string }
  | { readonly answer: string; readonly in: readonly string[] }
  | { readonly all: readonly QuestionCondition[] }

/** What the patient page gets back: the next question, a thank-you, or the fixed urgent text. */
export const Step = z.discriminatedUnion('step', [
  z.object({ step: z.literal('question'), language: z.enum(['en', 'es']), question: Question }),
  z.object({ step: z.literal('done'), language: z.enum(['en', 'es']), text: Words }),
  z.object({ step: z.literal('stop'), language: z.enum(['en', 'es']), text: Words }),
])
export type Step = z.infer<typeof Step>

export interface Activity {
  readonly name: string
  readonly score: number
}
export type AnswerValue = string | number | null | readonly Activity[]
export type Answers = ReadonlyMap<string, AnswerValue>

/** The words of an answer; null when there are none. */
export function textOf(answers: Answers, id: string): string | null {
  const value = answers.get(id)
  return typeof value === 'string' && value !== '' ? value : null
}

/** Given and family name as one, as far as they were given. */
export function nameOf(answers: Answers): string | null {
  const parts = [textOf(answers, 'given-name'), textOf(answers, 'family-name')].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(' ')
}
