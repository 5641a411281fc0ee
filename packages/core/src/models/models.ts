import { createHash } from 'node:crypto'

import { Defect, Refusal } from '@gonio/sdk'
import type { Infer, Refs, Schema } from '@gonio/sdk'

import type { Clock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { askModel, BROKEN_SCHEMA, formOf, readAnswer } from './ask.ts'
import type { Asked } from './ask.ts'
import { whyForbidden } from './endpoint.ts'
import { Memo } from './memo.ts'
import { endpointFor, isTaskName } from './settings.ts'
import type { ModelEndpoint, ModelSettings } from './settings.ts'
import { recordUse } from './use.ts'

export interface ModelRequest<S extends Schema> {
  readonly organizationId: string
  readonly plugin: string
  /** What the answer is for, e.g. `note.draft`; an organization may set another model for it. */
  readonly task: string
  readonly instructions: string
  readonly input: string
  readonly schema: S
  readonly signal?: AbortSignal
  /** What it is about and the story it belongs to, for the audit log; without it the call is a story of its own. */
  readonly cause?: { readonly refs: Refs; readonly correlationId: string; readonly causationId: string | null }
}

export interface Models {
  /**
   * Asks the organization's model and answers what the schema accepted. Callers have a drafter without a model and use it on `unavailable`.
   *
   * @throws Refusal `unavailable`: no model, not allowed there, no answer in time, or no answer that fits
   * @throws Refusal `too-large`, `invalid-input`
   */
  callModel<S extends Schema>(request: ModelRequest<S>): Promise<Infer<S>>
  /** True when a call would reach for a model. Says nothing about whether one answers. */
  configured(organizationId: string, task: string): Promise<boolean>
}

export interface ModelsDeps {
  readonly db: Db
  readonly clock: Clock
  settingsFor(organizationId: string): Promise<ModelSettings>
  /** Hosts beyond this machine that may see chart data. The operator's list, so that settings of an organization cannot widen it. */
  readonly allowedHosts?: readonly string[]
}

const MAX_INSTRUCTIONS_LENGTH = 20_000
const MAX_INPUT_LENGTH = 200_000
const PLUGIN = /^[a-z][a-z0-9-]{0,79}$/

/** The one door to language models. Nothing is sent inside a transaction; each use is on record before its answer is handed out. */
export function openModels(deps: ModelsDeps): Models {
  const memo = new Memo()
  const endpointOf = async (organizationId: string, task: string): Promise<ModelEndpoint | null> =>
    endpointFor(await deps.settingsFor(organizationId), task)
  return {
    async callModel(request) {
      checkRequest(request)
      const endpoint = await endpointOf(request.organizationId, request.task)
      if (endpoint === null) throw noModel()
      return useModel(deps, memo, endpoint, request)
    },
    async configured(organizationId, task) {
      const endpoint = await endpointOf(organizationId, task)
      return endpoint !== null && whyForbidden(endpoint.baseUrl, deps.allowedHosts ?? []) === null
    },
  }
}

async function useModel<S extends Schema>(
  deps: ModelsDeps,
  memo: Memo,
  endpoint: ModelEndpoint,
  request: ModelRequest<S>,
): Promise<Infer<S>> {
  const form = await formOf(request.task, request.schema)
  const inputHash = sha256(JSON.stringify([request.instructions, request.input, form]))
  const key = JSON.stringify([request.plugin, request.task, endpoint.baseUrl, endpoint.model, endpoint.maxOutputTokens, inputHash])
  const answer =
    (await fromMemo(memo.read(request.organizationId, key), request.schema)) ??
    forbidden(endpoint, deps.allowedHosts ?? []) ??
    (await askModel(endpoint, { ...request, form, signal: request.signal }))
  const ok = answer.outcome === 'ok'
  await recordUse(deps, {
    organizationId: request.organizationId,
    plugin: request.plugin,
    task: request.task,
    model: endpoint.model,
    inputHash,
    outputHash: ok ? sha256(answer.text) : null,
    inputTokens: answer.tally.inputTokens,
    outputTokens: answer.tally.outputTokens,
    outcome: answer.outcome,
    reason: ok ? (answer.tally.asked === 0 ? 'memo' : 'answered') : answer.reason,
    asked: answer.tally.asked,
    refs: request.cause?.refs ?? {},
    correlationId: request.cause?.correlationId ?? deps.clock.newId(),
    causationId: request.cause?.causationId ?? null,
  })
  if (!ok) throw notAnswered(request.task, answer.reason)
  memo.keep(request.organizationId, key, answer.text)
  return answer.value
}

const NOT_ASKED = { asked: 0, inputTokens: 0, outputTokens: 0 }

/** Read through the schema again, so that two callers never share one object. */
async function fromMemo<S extends Schema>(text: string | undefined, schema: S): Promise<Asked<Infer<S>> | null> {
  if (text === undefined) return null
  const read = await readAnswer(schema, text)
  return read.fits ? { outcome: 'ok', text, value: read.value, tally: NOT_ASKED } : null
}

function forbidden(endpoint: ModelEndpoint, allowedHosts: readonly string[]): Asked<never> | null {
  const reason = whyForbidden(endpoint.baseUrl, allowedHosts)
  return reason === null ? null : { outcome: 'refused', reason, tally: NOT_ASKED }
}

function checkRequest(request: ModelRequest<Schema>): void {
  if (!isTaskName(request.task) || !PLUGIN.test(request.plugin))
    throw new Refusal('invalid-input', 'A model task and its plugin are named by lower-case letters, digits, dots and dashes.')
  if (request.instructions.length > MAX_INSTRUCTIONS_LENGTH || request.input.length > MAX_INPUT_LENGTH)
    throw new Refusal(
      'too-large',
      `A model call takes ${MAX_INSTRUCTIONS_LENGTH} characters of instructions and ${MAX_INPUT_LENGTH} of input at most. Send less of the chart.`,
    )
}

function noModel(): Refusal {
  return new Refusal(
    'unavailable',
    'No language model is configured for this task. Everything works without one; drafts are written by rules.',
    {
      reason: 'no-model',
    },
  )
}

const SENTENCES: Readonly<Record<string, string>> = {
  'bad-url': 'The address of the language model is not usable. Give one like http://127.0.0.1:11434/v1 in the settings.',
  'host-not-allowed':
    'The language model is on a host that is not on the list of allowed hosts. Use one on this machine, or ask the operator to allow the host.',
  'not-encrypted': 'The language model is outside of the own network and not encrypted. Use an https address.',
  'timed-out': 'The language model did not answer in time.',
  aborted: 'The call of the language model was stopped.',
  unreachable: 'The language model cannot be reached. Check that it is running and its address in the settings.',
  'unusable-answer': 'The language model gave no usable answer, also when asked again.',
}

/** A new error without a cause: what the library threw holds the prompt and stays where it was thrown. */
function notAnswered(task: string, reason: string): Refusal | Defect {
  if (reason === BROKEN_SCHEMA)
    return new Defect(`The schema of task ${task} threw while it checked an answer; it must report issues instead.`)
  return new Refusal('unavailable', SENTENCES[reason] ?? `The language model failed (${reason}).`, { reason })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
