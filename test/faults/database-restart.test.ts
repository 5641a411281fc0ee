import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { openEmbeddedServer, openKernel } from '@gonio/core'
import pg from 'pg'
import { expect, test } from 'vitest'

import { openDemoClinic } from '../../examples/small-clinic/clinic.ts'
import { clinic as smallClinic } from '../../examples/small-clinic/gonio.config.ts'
import { openHttp } from '@gonio/core'
import { clientFor, eventually, signInAs } from '../support/clinic.ts'
import { ledgerPlugin, STAGES } from '../support/ledger-plugin.ts'
import { openTreatment } from '../support/story-steps.ts'

test('a database that restarts in mid-run: work goes on by itself, nothing lost, nothing doubled', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gonio-restart-'))
  await chmod(folder, 0o755)
  const dataDir = join(folder, 'pg')
  let server = await openEmbeddedServer({ dataDir })
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query('create database restart')
  await admin.end()
  const adminUrl = server.url.replace(/\/[^/]*$/, '/restart')
  const kernel = await openKernel({
    adminUrl,
    secret: 'restart',
    secretsDir: join(folder, 'secrets'),
    plugins: [...smallClinic.plugins, ledgerPlugin],
    leaseSeconds: 5,
  })
  try {
    await openDemoClinic(kernel)
    const http = await openHttp(kernel, { host: '127.0.0.1', port: 0, trustProxy: false, console: null })
    const [desk, pt] = [
      clientFor(http.url, await signInAs(http.url, 'front-desk')),
      clientFor(http.url, await signInAs(http.url, 'therapist')),
    ]
    const { visitId } = await openTreatment(desk, pt)
    let acknowledged = 0
    for (let round = 0; round < 3; round++) {
      const going = recordUntilRefused(async () => {
        await pt.measurements.record.mutate({ visitId, code: 'nprs', value: acknowledged % 11, unit: '{score}', side: 'none' })
        acknowledged += 1
      })
      await sleep(300)
      await server.stop()
      // What is asked meanwhile gets a sentence, not a stack.
      await expect(desk.today.get.query({})).rejects.toThrow(/nothing was half-saved|session/i)
      await going
      server = await openEmbeddedServer({ dataDir })
      await eventually('the kernel to find the database again', async () => ((await fetch(`${http.url}/readyz`)).ok ? true : null), 20_000)
    }
    const counts = await eventually(
      'every effect',
      async () => {
        const now = await countStages(adminUrl)
        return STAGES.every((stage) => (now.get(stage)?.distinct ?? 0) >= acknowledged) ? now : null
      },
      60_000,
    )
    await sleep(1_500)
    const settled = await countStages(adminUrl)
    for (const stage of STAGES) expect(settled.get(stage)?.rows, stage).toBe(counts.get(stage)?.distinct)
    // An answer that was lost on its way may still have been committed: at most one a round.
    expect(settled.get('event')?.distinct).toBeLessThanOrEqual(acknowledged + 3)
    await http.close()
  } finally {
    await kernel.stop()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

async function recordUntilRefused(record: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await record()
    } catch {
      return
    }
  }
}

async function countStages(adminUrl: string): Promise<Map<string, { rows: number; distinct: number }>> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ stage: string; rows: string; distinct: string }>(
      'select stage, count(*) as rows, count(distinct measurement_id) as distinct from plugin_ledger.effect group by stage',
    )
    return new Map(rows.map((row) => [row.stage, { rows: Number(row.rows), distinct: Number(row.distinct) }]))
  } finally {
    await client.end()
  }
}
