import { Defect, parseWith } from '@gonio/sdk'
import type { GonioEvent, JobInput, Refs } from '@gonio/sdk'

import type { AnyAction, NewDecision } from '../approvals/index.ts'
import type { Clock } from '../clock.ts'
import type { FetchedJob } from '../jobs/index.ts'
import type { Cause, Unit } from '../work/index.ts'
import { assertGranted } from './grants.ts'
import type { Host } from './host.ts'
import type { ReadLog, Reader } from './reader.ts'
import type { Installed, Registry } from './registry.ts'

export interface ExecuteDeps {
  readonly clock: Clock
  readonly registry: Registry
  readonly reader: Reader
  readonly host: Host
}

export interface HandlerCall {
  readonly pluginId: string
  readonly handler: string
  readonly input: JobInput | GonioEvent | unknown
  readonly refs: Refs
  readonly cause: Cause
  readonly actor: { readonly kind: 'staff' | 'patient' | 'system'; readonly id: string | null }
  readonly settles?: FetchedJob
  readonly approved?: { readonly action: AnyAction; readonly decision: Omit<NewDecision, 'effects'>; readonly facts: Unit['reads'] }
}

const TIMEOUT_MS = 30_000

/** Runs one handler and returns what it wants to happen, checked against the grants; nothing is written yet. */
export async function executeHandler(deps: ExecuteDeps, call: HandlerCall): Promise<{ unit: Unit; output: unknown }> {
  const { organizationId } = call.cause
  const installed = await deps.registry.require(organizationId, call.pluginId)
  const log: ReadLog = { facts: [], ownReads: [] }
  const { output, effects } = await deps.host.execute({
    plugin: installed.plugin,
    handler: call.handler,
    input: call.input,
    timeoutMs: timeoutOf(installed, call.handler),
    call: deps.reader.callFor({ organizationId, plugin: call.pluginId, granted: installed.granted, log }),
    seed: {
      runId: deps.clock.newId(),
      now: deps.clock.now().toISOString(),
      actor: call.actor,
      settings: installed.settings,
      ...(call.approved === undefined ? {} : { proposalId: call.approved.decision.proposalId, decidedBy: call.approved.decision.staffId }),
    },
  })
  assertGranted(call.pluginId, installed.granted, effects, call.approved?.action ?? null)
  const decision = call.approved === undefined ? null : { ...call.approved.decision, effects: effects.length }
  return {
    output,
    unit: {
      cause: call.cause,
      refs: call.refs,
      changes: effects,
      reads: [...(call.approved?.facts ?? []), ...log.facts],
      ownReads: log.ownReads,
      action: decision === null ? 'run.done' : 'proposal.approve',
      plugin: { id: call.pluginId, handler: call.handler, input: call.input },
      settles: call.settles ?? null,
      decision,
    },
  }
}

/** Runs a procedure: input and output are checked by its schemas. */
export async function executeProcedure(
  deps: ExecuteDeps,
  call: Omit<HandlerCall, 'handler' | 'refs' | 'pluginId'> & { readonly procedure: string; readonly refs?: Refs },
): Promise<{ unit: Unit; output: unknown }> {
  const pluginId = call.procedure.split('.')[0] ?? ''
  const procedure = deps.registry.plugins.get(pluginId)?.procedures.get(call.procedure)
  if (procedure === undefined) throw new Defect(`No procedure ${call.procedure}`)
  const input = await parseWith(procedure.input, call.input, `The input of ${call.procedure}`)
  const done = await executeHandler(deps, { ...call, input, pluginId, handler: `procedure:${call.procedure}`, refs: call.refs ?? {} })
  return { ...done, output: await parseWith(procedure.output, done.output, `The answer of ${call.procedure}`) }
}

function timeoutOf(installed: Installed, handler: string): number {
  const job = handler.startsWith('job:') ? installed.plugin.jobs.get(handler.slice('job:'.length)) : undefined
  return Math.min(job?.timeoutMs ?? TIMEOUT_MS, 15 * 60_000)
}
