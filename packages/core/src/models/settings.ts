import { z } from 'zod'

/** Names of tasks and models end up in the audit log, which holds codes only. */
const TASK = /^[a-z][a-z0-9.-]{0,79}$/
const MODEL = /^[\w.:@/+-]{1,120}$/
const MAX_TASKS = 50

const none = z.strictObject({ provider: z.literal('none') })

const openaiCompatible = z.strictObject({
  provider: z.literal('openai-compatible'),
  /** For example `http://127.0.0.1:11434/v1` (Ollama) or `http://127.0.0.1:8080/v1` (llama-server). */
  baseUrl: z.url({ protocol: /^https?$/ }).max(300),
  model: z.string().regex(MODEL, 'a model name has 1 to 120 letters, digits or .:@/+-_'),
  apiKey: z.string().min(1).max(500).optional(),
  /** For all tries of one call together. */
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
  maxOutputTokens: z.int().min(1).max(32_000).default(2_000),
})

const choice = z.discriminatedUnion('provider', [none, openaiCompatible])

const tasks = z
  .record(z.string().regex(TASK, 'a task has lower-case letters, digits, dots and dashes'), choice)
  .refine((given) => Object.keys(given).length <= MAX_TASKS, `at most ${MAX_TASKS} tasks may have a model of their own`)
  .optional()

/** Which model an organization uses, and another one (or none) for tasks named in `tasks`. */
export const modelSettings = z.discriminatedUnion('provider', [none.extend({ tasks }), openaiCompatible.extend({ tasks })])

type ModelChoice = z.output<typeof choice>
export type ModelSettings = z.output<typeof modelSettings>
export type ModelEndpoint = Extract<ModelChoice, { provider: 'openai-compatible' }>

/** The endpoint for a task, or null when the task works without a model. */
export function endpointFor(settings: ModelSettings, task: string): ModelEndpoint | null {
  const chosen = settings.tasks !== undefined && Object.hasOwn(settings.tasks, task) ? (settings.tasks[task] ?? settings) : settings
  return chosen.provider === 'none' ? null : chosen
}

export function isTaskName(task: string): boolean {
  return TASK.test(task)
}
