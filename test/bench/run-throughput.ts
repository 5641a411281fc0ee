import { createHash, randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openEmbeddedServer, openKernel } from '@gonio/core'
import type { Kernel } from '@gonio/core'
import { definePlugin } from '@gonio/sdk'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Db as BossDb, Job } from 'pg-boss'
import { z } from 'zod'

import { openDemoClinic } from '../../examples/small-clinic/clinic.ts'

/**
 * Kernel runs a second against a hand-written transactional pg-boss worker that does the same reads and writes on the same server:
 * each job reads one visit, inserts one row, writes one audit entry, and is completed in the same transaction. Prints the ratio.
 */
const JOBS = Number(process.env['BENCH_JOBS'] ?? 4_000)
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3)
const BATCH = 64

interface BenchTables {
  row: { id: string; visit_id: string }
}
const benchPlugin = definePlugin<BenchTables>()({
  id: 'bench',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Bench',
  summary: 'One read and one insert a run.',
  permissions: ['visit:read', 'own-data:write'],
  settings: z.object({}),
  migrations: [
    {
      name: '1',
      up: (db) => [
        db.schema
          .createTable('row')
          .addColumn('id', 'uuid', (c) => c.primaryKey())
          .addColumn('visit_id', 'uuid'),
      ],
    },
  ],
  setup(plugin) {
    plugin.job('bench.run', {}, async (input, run) => {
      const visit = await run.chart.visit(String(input['visitId']))
      await run.tables.insertInto('row').values({ id: run.newId(), visit_id: visit.id }).execute()
    })
  },
})

const folder = await mkdtemp(join(tmpdir(), 'gonio-bench-'))
await chmod(folder, 0o755)
const server = await openEmbeddedServer({ dataDir: join(folder, 'pg') })
const admin = new pg.Client({ connectionString: server.url })
await admin.connect()
await admin.query('create database bench')
const adminUrl = server.url.replace(/\/[^/]*$/, '/bench')
const options = { adminUrl, secret: 'bench', secretsDir: join(folder, 'secrets'), plugins: [benchPlugin] }
const kernel = await openKernel({ ...options, role: 'api' })
const { organizationId } = await openDemoClinic(kernel)
const visits = await seedVisits(organizationId)

const rates: { kernel: number[]; hand: number[] } = { kernel: [], hand: [] }
for (let round = 0; round < ROUNDS; round++) {
  rates.hand.push(await measureHandWritten())
  rates.kernel.push(await measureKernel())
}
const ratios = rates.kernel.map((rate, at) => rate / (rates.hand[at] ?? 1)).toSorted((a, b) => a - b)
console.log(`jobs ${JOBS}, rounds ${ROUNDS}, batch ${BATCH}, fsync on`)
console.log(`hand-written pg-boss worker  ${rates.hand.map((rate) => rate.toFixed(0)).join(' ')} jobs/s`)
console.log(`kernel runs                  ${rates.kernel.map((rate) => rate.toFixed(0)).join(' ')} runs/s`)
console.log(
  `ratio (median)               ${(ratios[Math.floor(ratios.length / 2)] ?? 0).toFixed(2)}   (all: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`,
)
await kernel.stop()
await admin.end()
await server.stop()
await rm(folder, { recursive: true, force: true })

/** 200 visits, written as the owner of the server: the bench is about runs, not about booking. */
async function seedVisits(org: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const ids = Array.from({ length: 200 }, () => randomUUID())
  await client.query('begin')
  await client.query(`select set_config('gonio.audited', pg_current_xact_id()::text, true)`)
  const [patient, episode] = [randomUUID(), randomUUID()]
  await client.query(
    `insert into chart.patient (id, organization_id, given_name, family_name, birth_date, sex, language, mrn, given_key, family_key, phone_key, created_at)
     values ($1, $2, 'Bench', 'Mark', '1980-01-01', 'unknown', 'en', 'G-BENCH', 'bench', 'mark', '', now())`,
    [patient, org],
  )
  await client.query(
    `insert into chart.episode (id, organization_id, patient_id, state, body_region, side, diagnoses, opened_at) values ($1, $2, $3, 'active', 'knee', 'left', '[]', now())`,
    [episode, org, patient],
  )
  await client.query(
    `insert into chart.visit (id, organization_id, patient_id, episode_id, kind, state, location_id, room_id, clinician_id, starts_at, ends_at)
     select id, $1, $2, $3, 'treatment', 'cancelled', (select id from kernel.location limit 1), (select id from kernel.room limit 1), (select id from kernel.staff limit 1),
       now(), now() + interval '30 minutes' from unnest($4::uuid[]) as id`,
    [org, patient, episode, ids],
  )
  await client.query('commit')
  await client.end()
  return ids
}

async function measureKernel(): Promise<number> {
  await admin.query(`alter system set checkpoint_timeout = '30min'`)
  const { db, jobs } = kernel
  const cause = {
    organizationId,
    plugin: 'bench',
    refs: {},
    correlationId: kernel.clock.newId(),
    causationId: null,
    depth: 0,
    behindStaff: null,
    attempts: 5,
  }
  for (let at = 0; at < JOBS; at += 500) {
    await db.transaction().execute((tx) =>
      jobs.enqueue(
        tx,
        Array.from({ length: Math.min(500, JOBS - at) }, (_, i) => ({
          data: { ...cause, handler: 'job:bench.run', input: { visitId: visits[(at + i) % visits.length] ?? '' } },
        })),
      ),
    )
  }
  const before = await countRows('plugin_bench.row')
  const began = performance.now()
  const worker: Kernel = await openKernel({ ...options, role: 'worker' })
  const opened = performance.now()
  await until(async () => (await countRows('plugin_bench.row')) - before >= JOBS)
  const seconds = (performance.now() - opened) / 1_000
  await worker.stop()
  void began
  return JOBS / seconds
}

/** What a careful engineer would write by hand: one transaction a batch with read, insert, audit entry and completion. */
async function measureHandWritten(): Promise<number> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  await client.query(`create table if not exists public.hand (id uuid primary key, organization_id uuid, visit_id uuid)`)
  await client.query(
    `create table if not exists public.hand_audit (id uuid primary key, organization_id uuid, occurred_at timestamptz, action text, body bytea, leaf bytea)`,
  )
  const boss = new PgBoss({ connectionString: adminUrl, schema: 'pgboss_hand', superviseIntervalSeconds: 60 })
  boss.on('error', () => {})
  await boss.start()
  const queue = `hand-${randomUUID()}`
  await boss.createQueue(queue, { partition: true })
  for (let at = 0; at < JOBS; at += 500) {
    await boss.insert(
      queue,
      Array.from({ length: Math.min(500, JOBS - at) }, (_, i) => ({ data: { visitId: visits[(at + i) % visits.length] ?? '' } })),
    )
  }
  const before = await countRows('public.hand')
  const began = performance.now()
  for (let each = 0; each < 2; each++) {
    await boss.work(
      queue,
      { batchSize: BATCH, transactional: true as const, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 },
      async (batch: Job<{ visitId: string }>[], tx: BossDb) => {
        for (const job of batch) {
          const { rows } = await tx.executeSql('select id, version, state, starts_at from chart.visit where id = $1', [job.data.visitId])
          await tx.executeSql('insert into public.hand (id, organization_id, visit_id) values ($1, $2, $3)', [
            randomUUID(),
            organizationId,
            rows[0].id,
          ])
          const body = Buffer.from(JSON.stringify({ action: 'run.done', job: job.id, organizationId, refs: { visitId: job.data.visitId } }))
          const leaf = createHash('sha256')
            .update(Buffer.from([0]))
            .update(body)
            .digest()
          await tx.executeSql(
            'insert into public.hand_audit (id, organization_id, occurred_at, action, body, leaf) values ($1, $2, now(), $3, $4, $5)',
            [randomUUID(), organizationId, 'run.done', body, leaf],
          )
        }
      },
    )
  }
  await until(async () => (await countRows('public.hand')) - before >= JOBS)
  const seconds = (performance.now() - began) / 1_000
  await boss.stop({ graceful: false })
  await client.end()
  return JOBS / seconds
}

async function countRows(table: string): Promise<number> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`)
  await client.end()
  return Number(rows[0]?.count)
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000
  while (!(await done())) {
    if (Date.now() > end) throw new Error('the bench did not finish in two minutes')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
