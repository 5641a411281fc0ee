import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import pg from 'pg'
import { expect, test } from 'vitest'

import { clinic as smallClinic } from '../../examples/small-clinic/gonio.config.ts'
import { eventually, openClinic } from '../support/clinic.ts'
import type { TestClinic } from '../support/clinic.ts'
import { ledgerPlugin, STAGES } from '../support/ledger-plugin.ts'
import { seededRandom } from '../support/random.ts'
import { openTreatment } from '../support/story-steps.ts'

const KILLS = process.env['GONIO_FULL'] === '1' ? 50 : 6
const SEED = 20_261_124

test(`a worker that is killed ${KILLS} times loses no effect and doubles none`, { timeout: 600_000 }, async () => {
  const clinic = await openClinic({ role: 'api', plugins: [...smallClinic.plugins, ledgerPlugin] })
  try {
    const [desk, pt] = [await clinic.as('front-desk'), await clinic.as('therapist')]
    const { visitId } = await openTreatment(desk, pt)
    const random = seededRandom(SEED)
    let recorded = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const worker = await startWorker(clinic)
      const until = Date.now() + 50 + random() * 700
      while (Date.now() < until) {
        await pt.measurements.record.mutate({ visitId, code: 'nprs', value: recorded % 11, unit: '{score}', side: 'none' })
        recorded += 1
      }
      worker.kill('SIGKILL')
      await once(worker, 'exit')
    }
    const last = await startWorker(clinic)
    const counts = await eventually(
      'the queues to drain',
      async () => {
        const now = await countEffects(clinic.adminUrl)
        return STAGES.every((stage) => now[stage].distinct === recorded) ? now : null
      },
      120_000,
    ).catch(() => countEffects(clinic.adminUrl))
    // A doubled effect could still be on its way.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    last.kill('SIGKILL')
    await once(last, 'exit')
    console.log(`${KILLS} kills, ${recorded} measurements, effects: ${JSON.stringify(counts)}`)
    const settled = await countEffects(clinic.adminUrl)
    for (const stage of STAGES) expect(settled[stage], stage).toEqual({ rows: recorded, distinct: recorded })
    const manager = await clinic.as('manager')
    expect(await manager.audit.verify.mutate()).toMatchObject({ ok: true })
  } finally {
    await clinic.close()
  }
})

async function startWorker(clinic: TestClinic): Promise<ChildProcess> {
  const script = join(import.meta.dirname, '../support/worker-process.ts')
  const worker = spawn(process.execPath, [script, clinic.adminUrl, clinic.secretsDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    worker.stdout.once('data', () => resolve())
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
  })
  return worker
}

interface Counted {
  readonly rows: number
  readonly distinct: number
}

async function countEffects(adminUrl: string): Promise<Record<(typeof STAGES)[number], Counted>> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ stage: string; rows: string; distinct: string }>(
      'select stage, count(*) as rows, count(distinct measurement_id) as distinct from plugin_ledger.effect group by stage',
    )
    const of = (stage: string): Counted => {
      const row = rows.find((candidate) => candidate.stage === stage)
      return { rows: Number(row?.rows ?? 0), distinct: Number(row?.distinct ?? 0) }
    }
    return { event: of('event'), job: of('job'), echo: of('echo') }
  } finally {
    await client.end()
  }
}
