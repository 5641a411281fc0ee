import { sql } from 'kysely'
import { z } from 'zod'

import type { JobData } from '../jobs/index.ts'
import { read } from './act.ts'
import { Id } from './shapes.ts'
import { router, staff } from './trpc.ts'
import { Refusal } from '@gonio/sdk'

const STATES = { waiting: ['created', 'retry'], active: ['active'], failed: ['failed', 'cancelled'], done: ['completed'] } as const
type JobState = keyof typeof STATES

interface JobRow {
  readonly id: string
  readonly state: string
  readonly retryCount: number
  readonly createdOn: string
  readonly startedOn: string | null
  readonly completedOn: string | null
  readonly output: { code?: string } | null
  readonly data: JobData
}

export const jobs = router({
  list: staff('job:read')
    .input(z.strictObject({ state: z.enum(['waiting', 'active', 'failed', 'done']).optional() }))
    .query(({ ctx, input }) =>
      read(ctx, async (tx) => {
        const org = ctx.viewer.organizationId
        const counted = await sql<{ state: string; count: number }>`
        select state, count(*) as count from pgboss.job where data ->> 'organizationId' = ${org} group by state`.execute(tx)
        const counts = { waiting: 0, active: 0, failed: 0, done: 0 }
        for (const row of counted.rows) counts[stateOf(row.state)] += row.count
        const wanted: readonly string[] = input.state === undefined ? Object.values(STATES).flat() : STATES[input.state]
        const rows = await sql<JobRow>`
        select id, state, retry_count, created_on, started_on, completed_on, output, data from pgboss.job
        where data ->> 'organizationId' = ${org} and state::text = any(${wanted}::text[]) order by created_on desc, id limit 100`.execute(
          tx,
        )
        return {
          counts,
          items: rows.rows.map((row) => ({
            id: row.id,
            plugin: row.data.plugin,
            handler: row.data.handler,
            state: stateOf(row.state),
            attempts: row.retryCount + 1,
            createdAt: row.createdOn,
            startedAt: row.startedOn,
            finishedAt: row.completedOn,
            error: row.state === 'completed' ? null : (row.output?.code ?? null),
            refs: row.data.refs,
            correlationId: row.data.correlationId,
          })),
        }
      }),
    ),

  retry: staff('job:operate')
    .input(z.strictObject({ id: Id }))
    .mutation(async ({ ctx, input }) => {
      const found = await read(ctx, (tx) =>
        sql<{ plugin: string; state: string }>`
      select data ->> 'plugin' as plugin, state from pgboss.job where id = ${input.id} and data ->> 'organizationId' = ${ctx.viewer.organizationId}`.execute(
          tx,
        ),
      )
      const job = found.rows[0]
      if (job === undefined) throw new Refusal('not-found', 'There is no such job in this clinic.')
      if (job.state !== 'cancelled')
        throw new Refusal('wrong-state', 'Only a job that was given up can be tried again; the others go on by themselves.')
      await ctx.deps.jobs.retry(job.plugin, input.id)
      return { queued: true }
    }),
})

function stateOf(state: string): JobState {
  for (const [name, members] of Object.entries(STATES)) if ((members as readonly string[]).includes(state) && isJobState(name)) return name
  return 'waiting'
}

function isJobState(name: string): name is JobState {
  return name in STATES
}
