import { isRefusal } from '@gonio/sdk'
import { Effect as Fx, Schedule } from 'effect'

import type { FetchedJob, Jobs, Signals } from '../jobs/index.ts'
import { queueOf, WAKE_CHANNEL } from '../jobs/index.ts'
import { ClaimLost, commitUnit, MovedFacts } from '../work/index.ts'
import type { CommitDeps, CommitGroup } from '../work/index.ts'
import { executeHandler } from './execute.ts'
import type { ExecuteDeps } from './execute.ts'

export interface WorkerDeps extends ExecuteDeps, CommitDeps {
  readonly jobs: Jobs
  readonly signals: Signals
  readonly group: CommitGroup
  /** Told about every failed attempt. The error itself may hold patient data: it goes to a debugger, never to a log. */
  readonly onFailure: (failure: { plugin: string; handler: string; jobId: string; code: string; final: boolean; error: unknown }) => void
}

/** Runs at once, of one plugin in one process. */
const MAX_IN_FLIGHT = 128
const FETCH = 64
const IDLE_MS = 2_000
/** A run whose facts moved is computed again this often before its job goes back to the queue. */
const MAX_RESTARTS = 5

/** Works the queue of one plugin until interrupted; what is in flight then is simply not committed, and its jobs run again. */
export function workQueue(deps: WorkerDeps, plugin: string): Fx.Effect<never> {
  let inFlight = 0
  let wake: (() => void) | null = null
  const nudge = (): void => wake?.()
  const settled = (): void => {
    inFlight -= 1
    if (inFlight <= MAX_IN_FLIGHT - FETCH) nudge()
  }
  const rest = Fx.callback<void>((resume) => {
    const timer = setTimeout(() => resume(Fx.void), IDLE_MS)
    wake = () => {
      clearTimeout(timer)
      resume(Fx.void)
    }
    return Fx.sync(() => clearTimeout(timer))
  })
  const turn = Fx.gen(function* () {
    const room = Math.min(FETCH, MAX_IN_FLIGHT - inFlight)
    const jobs = room <= 0 ? [] : yield* Fx.promise(() => deps.jobs.fetch(plugin, room))
    for (const job of jobs) {
      inFlight += 1
      void workOne(deps, job).then(settled, settled)
    }
    if (jobs.length < room || room <= 0) yield* rest
  })
  const listening = Fx.acquireRelease(
    Fx.sync(() => deps.signals.on(WAKE_CHANNEL, (queue) => (queue === queueOf(plugin) || queue === '' ? nudge() : undefined))),
    (stop) => Fx.sync(stop),
  )
  return Fx.scoped(
    Fx.gen(function* () {
      yield* listening
      // The database may be away for a while: the loop waits and goes on.
      return yield* turn.pipe(Fx.sandbox, Fx.retry(Schedule.spaced('500 millis')), Fx.forever)
    }),
  ).pipe(Fx.orDie)
}

/** One job: run, commit, and on moved facts run again from the start. */
export async function workOne(deps: WorkerDeps, job: FetchedJob): Promise<void> {
  const { data } = job
  for (let restart = 0; ; restart++) {
    try {
      const { unit } = await executeHandler(deps, {
        pluginId: data.plugin,
        handler: data.handler,
        input: data.input,
        refs: data.refs,
        actor: { kind: 'system', id: null },
        settles: job,
        cause: {
          organizationId: data.organizationId,
          actor: { kind: 'plugin', id: data.plugin },
          correlationId: data.correlationId,
          causationId: data.causationId,
          depth: data.depth,
          behindStaff: data.behindStaff,
        },
      })
      await deps.group.submit(unit)
      return
    } catch (error) {
      if (error instanceof ClaimLost) return
      if (error instanceof MovedFacts && restart < MAX_RESTARTS) continue
      await failJob(deps, job, error)
      return
    }
  }
}

async function failJob(deps: WorkerDeps, job: FetchedJob, error: unknown): Promise<void> {
  const code = isRefusal(error) ? error.code : error instanceof MovedFacts ? 'conflict' : 'defect'
  const final = job.failures + 1 >= job.data.attempts
  deps.onFailure({ plugin: job.data.plugin, handler: job.data.handler, jobId: job.id, code, final, error })
  try {
    await deps.jobs.fail(job, { code, final })
    if (final) {
      const { data } = job
      await commitUnit(deps, {
        cause: {
          organizationId: data.organizationId,
          actor: { kind: 'plugin', id: data.plugin },
          correlationId: data.correlationId,
          causationId: data.causationId,
          depth: data.depth,
          behindStaff: data.behindStaff,
        },
        action: 'run.failed',
        refs: data.refs,
        detail: { handler: data.handler, code, attempts: job.failures + 1 },
        changes: [],
        reads: [],
        ownReads: [],
        plugin: null,
        settles: null,
        decision: null,
      })
    }
  } catch {
    // The database is away: the lease of the job runs out and another attempt follows.
  }
}
