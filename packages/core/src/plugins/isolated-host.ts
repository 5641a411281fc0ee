import { Refusal } from '@gonio/sdk'

import type { Host } from './host.ts'
import { Session } from './isolated-session.ts'
import type { SessionOptions } from './isolated-session.ts'
import { CrashBreaker } from './isolated-watch.ts'

export interface IsolatedHostOptions extends SessionOptions {
  /** A process without work for this long is ended; the next run starts another. Default 10 min. */
  readonly idleMs?: number
}

export interface IsolatedHost extends Host {
  /** Of the process that runs now, if one does. */
  readonly pid: number | undefined
  /** Lets a plugin run again after it ended five times in ten minutes. */
  reset(): void
  stop(): Promise<void>
}

/**
 * For plugins whose code the clinic does not vouch for: in a process of its own, which is started by the first run.
 * Handlers and the `apply` of actions run there. Schemas, `summarize` and migrations are still the kernel's to call, in its own process.
 */
export function isolatedHost(options: IsolatedHostOptions, newId: () => string): IsolatedHost {
  const breaker = new CrashBreaker()
  let session: Session | null = null
  let idleTimer: NodeJS.Timeout | undefined
  const begin = (): Session => {
    const begun: Session = new Session(options, newId, (broken) => {
      if (broken) breaker.noteDeath()
      if (session === begun) session = null
    })
    return begun
  }
  const rest = (): void => {
    clearTimeout(idleTimer)
    idleTimer = setTimeout(() => session?.idle === true && void session.stop(), options.idleMs ?? 10 * 60_000).unref()
  }
  return {
    get pid() {
      return session?.pid
    },
    async execute(execution) {
      if (breaker.open)
        throw new Refusal(
          'plugin-failed',
          `Plugin ${options.pluginId} ended five times in ten minutes and is not started again. Disable it, or reset it once it is repaired.`,
        )
      session ??= begin()
      try {
        return await session.execute(execution)
      } finally {
        rest()
      }
    },
    reset: () => breaker.reset(),
    async stop() {
      clearTimeout(idleTimer)
      await session?.stop()
    },
  }
}
