import { crossBorder, Defect, isRefusal, Refusal, REFUSAL_CODES, startRun } from '@gonio/sdk'
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
  // By value in both directions: what the plugin still holds can change neither what was checked nor what the kernel remembers.
  const call: Call = async (method, args) => structuredClone(await execution.call(method, structuredClone(args)))
  const { run, effects } = startRun(structuredClone(execution.seed), { call, newId, signal })
  const output = await handler(structuredClone(execution.input), run)
  return { output, effects: crossBorder([...effects]) }
}

const BUILT_IN = [TypeError, RangeError, ReferenceError, SyntaxError, Error]

/** A refusal goes on as it is. Anything else is the plugin's failure; its text may hold patient data and stays here. */
function asPluginError(execution: Execution) {
  return (error: unknown): Error => {
    // Rebuilt, because a plugin can throw anything that looks like one; its code goes to jobs, reports and the audit log.
    const code = isRefusal(error) ? REFUSAL_CODES.find((known) => known === error.code) : undefined
    if (isRefusal(error) && code !== undefined) return new Refusal(code, String(error.message).slice(0, 1_000), { ...error.detail })
    return new Refusal('plugin-failed', `Plugin ${execution.plugin.id} failed in ${execution.handler}. Nothing of it was kept.`, {
      error: BUILT_IN.find((known) => error instanceof known)?.name ?? 'unknown',
    })
  }
}
