import { Refusal } from '@gonio/sdk'
import type { Refs } from '@gonio/sdk'
import { sql } from 'kysely'

import { isUuid } from '../db/index.ts'
import { appendEntries } from '../audit/index.ts'
import type { NewEntry } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Tx } from '../db/index.ts'
import type { Jobs, NewJob } from '../jobs/index.ts'
import { LISTENER_ATTEMPTS } from './unit.ts'
import type { Cause, PluginDirectory } from './unit.ts'

/** A story of events may go this deep; a loop of plugins ends here. */
export const MAX_DEPTH = 20
/** PostgreSQL channel on which the console hears that something changed; the payload holds ids only. */
export const LIVE_CHANNEL = 'gonio_live'
/** NOTIFY refuses payloads of 8,000 bytes and more. */
const MAX_NOTICE_BYTES = 7_000

interface PendingEvent {
  readonly id: string
  readonly type: string
  readonly refs: Refs
  readonly cause: Cause
  readonly emittedBy: string
}

/** Collects what a group of units leaves behind, and writes each kind with one statement. */
export class Ledger {
  readonly #entries: NewEntry[] = []
  readonly #events: PendingEvent[] = []
  readonly #jobs: NewJob[] = []
  readonly #clock: Clock
  readonly #directory: PluginDirectory

  constructor(clock: Clock, directory: PluginDirectory) {
    this.#clock = clock
    this.#directory = directory
  }

  audit(entry: NewEntry): void {
    this.#entries.push(entry)
  }

  job(job: NewJob): void {
    this.#jobs.push(job)
  }

  /** Records an event and a job for each plugin that listens. Returns the event's id, the cause of what follows. */
  async event(type: string, refs: Refs, cause: Cause, emittedBy: string): Promise<string> {
    if (cause.depth >= MAX_DEPTH)
      throw new Refusal('too-many', `This story is ${MAX_DEPTH} events deep: two plugins answer each other. It ends here.`)
    assertIdsOnly(type, refs)
    const id = this.#clock.newId()
    this.#events.push({ id, type, refs, cause, emittedBy })
    for (const plugin of await this.#directory.listeners(cause.organizationId, type)) {
      const occurredAt = this.#clock.now().toISOString()
      this.job({
        data: {
          organizationId: cause.organizationId,
          plugin,
          handler: `event:${type}`,
          refs,
          input: { id, type, occurredAt, correlationId: cause.correlationId, causationId: cause.causationId, refs },
          correlationId: cause.correlationId,
          causationId: id,
          depth: cause.depth + 1,
          behindStaff: cause.behindStaff,
          attempts: LISTENER_ATTEMPTS,
        },
      })
    }
    return id
  }

  async write(tx: Tx, organizationId: string, jobs: Jobs): Promise<void> {
    const occurredAt = this.#clock.now().toISOString()
    if (this.#events.length > 0) {
      await tx
        .insertInto('kernel.event')
        .values(
          this.#events.map(({ id, type, refs, cause, emittedBy }) => ({
            id,
            type,
            emittedBy,
            organizationId,
            occurredAt,
            refs: JSON.stringify(refs),
            correlationId: cause.correlationId,
            causationId: cause.causationId,
            depth: cause.depth,
          })),
        )
        .execute()
    }
    await appendEntries(tx, organizationId, this.#entries, this.#clock)
    await jobs.enqueue(tx, this.#jobs)
    await this.#notify(tx, organizationId)
  }

  async #notify(tx: Tx, organizationId: string): Promise<void> {
    const notices = [...new Set(this.#events.map(({ type, refs }) => JSON.stringify({ organizationId, topic: type, refs })))]
    const small = notices.filter((notice) => notice.length < MAX_NOTICE_BYTES).slice(0, 200)
    if (small.length > 0) await sql`select pg_notify(${LIVE_CHANNEL}, n) from unnest(${small}::text[]) as n`.execute(tx)
  }
}

const EVENT_TYPE = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/

/** Events reach the console, job payloads and NOTIFY: names and ids only, whatever a plugin calls them. */
function assertIdsOnly(type: string, refs: Refs): void {
  if (type.length > 100 || !EVENT_TYPE.test(type)) throw new Refusal('invalid-input', 'An event is named <noun>.<verb> in lower case.')
  const named = Object.entries(refs)
  if (named.length > 20 || named.some(([name, id]) => !/^[a-z][A-Za-z]{1,30}Id$/.test(name) || !(id === undefined || isUuid(id))))
    throw new Refusal('invalid-input', `The refs of ${type} may hold ids only, each under a name that ends in Id.`)
}
