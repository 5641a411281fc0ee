import { Defect, isRefusal, Refusal, startRun } from '@gonio/sdk'
import type { Call, Effect, Plugin, RunSeed } from '@gonio/sdk'
import { Effect as Fx } from 'effect'

export interface Execution {
  readonly plugin: Plugin
  /** `event:<type>`, `job:<name>`, `apply:<action>` or `procedure:<name>`. */
  readonly handler: string
  readonly input: unknown
  readonly seed: RunSeed
  readonly call: Call
  readonly timeoutMs: number
}

export interface Executed {
  readonly output: unknown
  readonly effects: readonly Effect[]
}

/** Runs plugin code. The kernel cannot tell whether it runs here or in a process of its own. */
export interface Host {
  execute(execution: Execution): Promise<Executed>
}

/** For plugins whose code the clinic trusts: in this process. Data crosses by value all the same. */
export function inProcessHost(newId: () => string): Host {
  return {
    execute: (execution) =>
      Fx.runPromise(
        Fx.tryPromise({ try: (signal) => runHere(execution, newId, signal), catch: asPluginError(execution) }).pipe(
          Fx.timeoutOrElse({
            duration: execution.timeoutMs,
            orElse: () =>
              Fx.fail(
                new Refusal(
                  'plugin-failed',
                  `Plugin ${execution.plugin.id} did not answer within ${execution.timeoutMs / 1_000} s; nothing of it was kept.`,
                ),
              ),
          }),
        ),
      ),
  }
}

async function runHere(execution: Execution, newId: () => string, signal: AbortSignal): Promise<Executed> {
  const handler = execution.plugin.handlers.get(execution.handler)
  if (handler === undefined) throw new Defect(`Plugin ${execution.plugin.id} has no handler for ${execution.handler}.`)
  const { run, effects } = startRun(execution.seed, { call: execution.call, newId, signal })
  const output = await handler(structuredClone(execution.input), run)
  // What the plugin still holds must not change after it returned: the list that goes on is a copy.
  return { output, effects: [...effects] }
}

/** A refusal goes on as it is. Anything else is the plugin's failure; its text may hold patient data and stays here. */
function asPluginError(execution: Execution) {
  return (error: unknown): Error => {
    if (isRefusal(error)) return error
    return new Refusal('plugin-failed', `Plugin ${execution.plugin.id} failed in ${execution.handler}. Nothing of it was kept.`, {
      error: error instanceof Error ? error.name : 'unknown',
    })
  }
}
