import { createHash } from 'node:crypto'

import { sql } from 'kysely'
import { fromKysely, PgBoss } from 'pg-boss'
import { z } from 'zod'

import type { Db, Tx } from '../db/index.ts'
import { queueOf } from './job.ts'
import type { FetchedJob, JobData, NewJob } from './job.ts'

/** PostgreSQL channel that wakes idle workers; the payload is the queue's name. */
export const WAKE_CHANNEL = 'gonio_work'

export interface Jobs {
  /** Makes the queue of a plugin. Partitioned: a shared table falls off a planner cliff when its statistics are stale. */
  ensureQueue(plugin: string): Promise<void>
  /** Adds jobs in the caller's transaction; they exist when it commits. */
  enqueue(tx: Tx, jobs: readonly NewJob[]): Promise<void>
  fetch(plugin: string, limit: number): Promise<readonly FetchedJob[]>
  /** Completes attempts in the caller's transaction and returns the ids of those that were still ours. */
  complete(tx: Tx, queue: string, attempts: readonly FetchedJob[]): Promise<ReadonlySet<string>>
  /** Gives an attempt back: it is tried again later, or, when `final`, waits for a person to retry it. */
  fail(job: FetchedJob, failure: { code: string; final: boolean }): Promise<void>
  /** Makes a job that was given up wait for a worker again, with all its attempts. */
  retry(plugin: string, id: string): Promise<void>
  /** Only worker of this database, at start: what a crashed process left active becomes available at once. */
  reclaim(plugin: string): Promise<number>
  schedule(plugin: string, options: { cron: string; timeZone: string; key: string; data: JobData }): Promise<void>
  unschedule(plugin: string, key: string): Promise<void>
  stop(): Promise<void>
}

/** What complete() answers at run time; its published type is empty (pg-boss 12.38). */
const Settled = z.object({ settled: z.array(z.string()) })

/** What fail() leaves on a job. pg-boss writes its own words there when a lease runs out. */
const Failure = z.object({ failures: z.number().catch(0) })
/** Longest wait before a handler that failed is tried again. */
const MAX_DELAY_SECONDS = 300
/** Times a job may be claimed at all: ends a job that takes its process down each time. */
const MAX_CLAIMS = 60

export interface JobsOptions {
  readonly url: string
  readonly db: Db
  /** Seconds without a heartbeat after which an attempt counts as lost. */
  readonly leaseSeconds?: number
  readonly onError: (error: Error) => void
}

export async function openJobs(options: JobsOptions): Promise<Jobs> {
  const lease = options.leaseSeconds ?? 60
  const boss = new PgBoss({
    connectionString: options.url,
    schema: 'pgboss',
    createSchema: false,
    max: 4,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 300,
    registerInstance: false,
  })
  boss.on('error', options.onError)
  await boss.start()
  // The delay of pg-boss counts claims, so a job that lost its process a few times would wait for minutes; ours counts failures of the handler.
  const retryRule = { retryLimit: MAX_CLAIMS, retryDelay: 1, retryBackoff: false, expireInSeconds: lease, deleteAfterSeconds: 7 * 86_400 }
  return {
    async ensureQueue(plugin) {
      if ((await boss.getQueue(queueOf(plugin))) === null) await boss.createQueue(queueOf(plugin), { partition: true, ...retryRule })
      else await boss.updateQueue(queueOf(plugin), retryRule)
    },
    async enqueue(tx, jobs) {
      const queues = Map.groupBy(jobs, (job) => queueOf(job.data.plugin))
      for (const [queue, members] of queues) {
        await boss.insert(
          queue,
          members.map((job) => ({
            data: job.data,
            ...(job.key === undefined ? {} : { id: idOfKey(job) }),
            ...(job.afterSeconds === undefined ? {} : { startAfter: job.afterSeconds }),
            ...(job.leaseSeconds === undefined ? {} : { expireInSeconds: Math.max(lease, job.leaseSeconds) }),
          })),
          { db: asBossDb(tx) },
        )
      }
      if (queues.size > 0) await sql`select pg_notify(${WAKE_CHANNEL}, q) from unnest(${[...queues.keys()]}::text[]) as q`.execute(tx)
    },
    async fetch(plugin, limit) {
      const queue = queueOf(plugin)
      const jobs = await boss.fetch<JobData>(queue, { batchSize: limit, includeMetadata: true })
      return jobs.map(({ id, retryCount, data, output }) => ({
        queue,
        id,
        retryCount,
        data,
        failures: Failure.parse(output ?? {}).failures,
      }))
    },
    async complete(tx, queue, attempts) {
      const response = await boss.complete(
        queue,
        attempts.map(({ id, retryCount }) => ({ id, retryCount })),
        null,
        { db: asBossDb(tx) },
      )
      return new Set(Settled.parse(response).settled)
    },
    async fail(job, { code, final }) {
      const attempt = { id: job.id, retryCount: job.retryCount }
      await boss.fail(job.queue, attempt, { code, failures: final ? 0 : job.failures + 1 })
      // Cancelled is pg-boss's word for "nobody works on it until a person says so"; its output keeps the code.
      if (final) await boss.cancel(job.queue, job.id)
      else await boss.update(job.queue, undefined, { id: job.id, startAfter: Math.min(MAX_DELAY_SECONDS, 2 ** job.failures) })
    },
    async retry(plugin, id) {
      await boss.resume(queueOf(plugin), id)
      await sql`select pg_notify(${WAKE_CHANNEL}, ${queueOf(plugin)})`.execute(options.db)
    },
    async reclaim(plugin) {
      const active = (await boss.findJobs(queueOf(plugin), { limit: 10_000 })).filter((job) => job.state === 'active')
      for (const { id, retryCount, output } of active) {
        await boss.fail(queueOf(plugin), { id, retryCount }, { code: 'process-lost', failures: Failure.parse(output ?? {}).failures })
        await boss.update(queueOf(plugin), undefined, { id, startAfter: 0 })
      }
      return active.length
    },
    async schedule(plugin, entry) {
      await boss.schedule(queueOf(plugin), entry.cron, entry.data, { tz: entry.timeZone, key: entry.key })
    },
    unschedule: (plugin, key) => boss.unschedule(queueOf(plugin), key),
    stop: () => boss.stop({ graceful: false, close: true }),
  }
}

/** Results of pg-boss keep their column names: the camel-case plugin of our Kysely must not touch them. */
function asBossDb(tx: Tx) {
  return fromKysely(tx.withoutPlugins())
}

function idOfKey(job: NewJob): string {
  const hex = createHash('sha256').update(`${job.data.organizationId}|${job.data.plugin}|${job.data.handler}|${job.key}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
