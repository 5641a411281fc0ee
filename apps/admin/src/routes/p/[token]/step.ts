import type { Language } from './messages.ts'

/** One step of an interview as a plugin's patient procedures answer it. */
export interface Words {
  readonly en: string
  readonly es: string
}
export type QuestionKind = 'text' | 'date' | 'phone' | 'choice' | 'scale' | 'yes-no-unsure' | 'activities'
export interface Question {
  readonly id: string
  readonly kind: QuestionKind
  readonly text: Words
  readonly hint: Words | null
  readonly options: readonly { readonly value: string; readonly label: Words }[]
  readonly min: number
  readonly max: number
  readonly optional: boolean
  readonly progress: { readonly done: number; readonly of: number }
}
export interface Activity {
  readonly name: string
  readonly score: number
}
export type Answer = string | number | readonly Activity[] | null
export type Step =
  | { readonly step: 'question'; readonly language: Language; readonly question: Question }
  | { readonly step: 'done' | 'stop'; readonly language: Language; readonly text: Words }

const KINDS: readonly QuestionKind[] = ['text', 'date', 'phone', 'choice', 'scale', 'yes-no-unsure', 'activities']

/** Reads what a procedure answered; null when it is no step this page can show. */
export function readStep(value: unknown): Step | null {
  if (!isRecord(value)) return null
  const language: Language = value['language'] === 'es' ? 'es' : 'en'
  if (value['step'] === 'done' || value['step'] === 'stop') {
    const text = readWords(value['text'])
    return text === null ? null : { step: value['step'], language, text }
  }
  const question = value['step'] === 'question' ? readQuestion(value['question']) : null
  return question === null ? null : { step: 'question', language, question }
}

function readQuestion(value: unknown): Question | null {
  if (!isRecord(value) || typeof value['id'] !== 'string') return null
  const kind = KINDS.find((one) => one === value['kind'])
  const text = readWords(value['text'])
  if (kind === undefined || text === null) return null
  const progress = isRecord(value['progress']) ? value['progress'] : {}
  const options = Array.isArray(value['options']) ? value['options'] : []
  return {
    id: value['id'],
    kind,
    text,
    hint: readWords(value['hint']),
    options: options.flatMap((option: unknown) => {
      const label = isRecord(option) ? readWords(option['label']) : null
      return isRecord(option) && typeof option['value'] === 'string' && label !== null ? [{ value: option['value'], label }] : []
    }),
    min: typeof value['min'] === 'number' ? value['min'] : 0,
    max: typeof value['max'] === 'number' ? value['max'] : 10,
    optional: value['optional'] === true,
    progress: { done: Number(progress['done']) || 0, of: Number(progress['of']) || 0 },
  }
}

function readWords(value: unknown): Words | null {
  if (!isRecord(value) || typeof value['en'] !== 'string') return null
  return { en: value['en'], es: typeof value['es'] === 'string' ? value['es'] : value['en'] }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
