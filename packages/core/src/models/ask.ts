import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { Defect, isRefusal, parseWith } from '@gonio/sdk'
import type { Infer, Schema } from '@gonio/sdk'
import {
  APICallError,
  asSchema,
  extractJsonMiddleware,
  generateText,
  jsonSchema,
  NoObjectGeneratedError,
  Output,
  RetryError,
  wrapLanguageModel,
} from 'ai'
import type { JSONSchema7, ModelMessage } from 'ai'

import { fetchGuarded } from './endpoint.ts'
import type { ModelEndpoint } from './settings.ts'

/** One more try after a network error or an overloaded server; the time-out of the call covers both. */
const MAX_RETRIES = 1
/** The first question and one more with what was wrong. */
const MAX_QUESTIONS = 2
const MAX_QUOTED_LENGTH = 20_000
/** The schema threw where it should have reported issues. */
export const BROKEN_SCHEMA = 'broken-schema'

export interface Question<S extends Schema> {
  readonly task: string
  readonly instructions: string
  readonly input: string
  readonly schema: S
  readonly form: JSONSchema7
  readonly signal: AbortSignal | undefined
}

interface Tally {
  readonly asked: number
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}

/** Errors of the model library carry prompts and answers. Outside of this file there is only a code. */
export type Asked<T> =
  | { readonly outcome: 'ok'; readonly text: string; readonly value: T; readonly tally: Tally }
  | { readonly outcome: 'refused' | 'failed'; readonly reason: string; readonly tally: Tally }

/** What the schema looks like to a model. */
export async function formOf(task: string, schema: Schema): Promise<JSONSchema7> {
  try {
    return await asSchema(schema).jsonSchema
  } catch {
    throw new Defect(`The schema of task ${task} has no JSON Schema. Use zod 4 types that JSON knows: no dates, maps or functions.`)
  }
}

/** Asks until the answer fits, {@link MAX_QUESTIONS} times at most. Never throws what the library throws. */
export async function askModel<S extends Schema>(endpoint: ModelEndpoint, question: Question<S>): Promise<Asked<Infer<S>>> {
  const timer = AbortSignal.timeout(endpoint.timeoutMs)
  const signal = question.signal === undefined ? timer : AbortSignal.any([timer, question.signal])
  const messages: ModelMessage[] = [{ role: 'user', content: question.input }]
  let tally: Tally = { asked: 0, inputTokens: 0, outputTokens: 0 }
  for (let at = 0; at < MAX_QUESTIONS; at++) {
    let answer: Answer
    try {
      answer = await generate(endpoint, { ...question, signal, messages })
    } catch (error) {
      const reason = question.signal?.aborted === true ? 'aborted' : timer.aborted ? 'timed-out' : codeOf(error)
      return { outcome: 'failed', reason, tally: add(tally, { inputTokens: undefined, outputTokens: undefined }) }
    }
    tally = add(tally, answer)
    const read = await readAnswer(question.schema, answer.text)
    if (read.fits) return { outcome: 'ok', text: answer.text, value: read.value, tally }
    if (read.problem === null) return { outcome: 'refused', reason: BROKEN_SCHEMA, tally }
    messages.push(
      // An empty message of an assistant is an error on some servers.
      { role: 'assistant', content: answer.text.slice(0, MAX_QUOTED_LENGTH) || '{}' },
      { role: 'user', content: `This answer cannot be used. ${read.problem} Answer again with one JSON object and nothing else.` },
    )
  }
  return { outcome: 'refused', reason: 'unusable-answer', tally }
}

/** The answer as the schema wants it, or what is wrong with it: words for the model alone, since they may quote its answer. Null = a bug. */
export async function readAnswer<S extends Schema>(
  schema: S,
  text: string,
): Promise<{ readonly fits: true; readonly value: Infer<S> } | { readonly fits: false; readonly problem: string | null }> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { fits: false, problem: 'It is not valid JSON.' }
  }
  try {
    return { fits: true, value: await parseWith(schema, json, 'It') }
  } catch (error) {
    return { fits: false, problem: isRefusal(error) ? error.message : null }
  }
}

interface Answer {
  readonly text: string
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
}

async function generate(
  endpoint: ModelEndpoint,
  asked: { readonly instructions: string; readonly form: JSONSchema7; readonly messages: ModelMessage[]; readonly signal: AbortSignal },
): Promise<Answer> {
  try {
    const { text, usage } = await generateText({
      model: languageModel(endpoint),
      instructions: asked.instructions,
      messages: asked.messages,
      // Without a validator: the answer is checked once, by readAnswer, also when it comes from the memo.
      output: Output.object({ schema: jsonSchema(asked.form) }),
      temperature: 0,
      maxOutputTokens: endpoint.maxOutputTokens,
      maxRetries: MAX_RETRIES,
      abortSignal: asked.signal,
      // On by default in the library, prompt and answer included.
      telemetry: { isEnabled: false, recordInputs: false, recordOutputs: false },
    })
    return { text, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens }
  } catch (error) {
    if (!NoObjectGeneratedError.isInstance(error)) throw error
    return { text: error.text ?? '', inputTokens: error.usage?.inputTokens, outputTokens: error.usage?.outputTokens }
  }
}

function languageModel(endpoint: ModelEndpoint) {
  const provider = createOpenAICompatible({
    name: 'model',
    baseURL: endpoint.baseUrl,
    fetch: fetchGuarded,
    supportsStructuredOutputs: true,
    // The library turns a missing count into 0; unknown must stay unknown.
    convertUsage: (usage) => ({
      inputTokens: { total: usage?.prompt_tokens ?? undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: usage?.completion_tokens ?? undefined, text: undefined, reasoning: undefined },
    }),
    ...(endpoint.apiKey === undefined ? {} : { apiKey: endpoint.apiKey }),
  })
  return wrapLanguageModel({ model: provider.chatModel(endpoint.model), middleware: extractJsonMiddleware() })
}

/** A sum with an unknown part is unknown. */
function add(tally: Tally, answer: Omit<Answer, 'text'>): Tally {
  const sum = (total: number | null, more: number | undefined): number | null =>
    total === null || more === undefined ? null : total + more
  return {
    asked: tally.asked + 1,
    inputTokens: sum(tally.inputTokens, answer.inputTokens),
    outputTokens: sum(tally.outputTokens, answer.outputTokens),
  }
}

function codeOf(error: unknown): string {
  const last = RetryError.isInstance(error) ? error.lastError : error
  if (!APICallError.isInstance(last)) return 'failed'
  if (last.statusCode === undefined) return 'unreachable'
  return last.statusCode < 400 ? 'unreadable-answer' : `http-${last.statusCode}`
}
