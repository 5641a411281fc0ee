import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { systemClock } from '../clock.ts'
import { readOnly, transact } from '../db/index.ts'
import { addOrganization, openTestDatabase } from '../testing/index.ts'
import type { TestDatabase } from '../testing/index.ts'
import { openCheckpoint, originOf } from './checkpoint-note.ts'
import { appendEntries } from './entry.ts'
import type { NewEntry } from './entry.ts'
import { consistencyProof, inclusionProof } from './proof.ts'
import { sealEntries } from './seal.ts'
import type { Checkpoint } from './seal.ts'
import { loadSigningKey } from './signing-key.ts'
import { verifyConsistency, verifyInclusion } from './tree-proof.ts'
import { verifyAudit } from './verify.ts'

let database: TestDatabase
const key = await loadSigningKey(Buffer.alloc(32, 7))
beforeAll(async () => {
  database = await openTestDatabase({ maxConnections: 20 })
})
afterAll(() => database.close())

const entries = (count: number): NewEntry[] =>
  Array.from({ length: count }, (_, at) => ({
    actor: { kind: 'system', id: null },
    action: 'test.ran',
    refs: { patientId: systemClock.newId() },
    correlationId: systemClock.newId(),
    causationId: null,
    detail: { at },
  }))
const append = (organizationId: string, count: number) =>
  transact(database.db, organizationId, (tx) => appendEntries(tx, organizationId, entries(count), systemClock))

/** Another database of the same server may hold a transaction open for a moment; until it ends nothing may be sealed. */
async function sealAll(organizationId: string, total: number): Promise<Checkpoint> {
  for (let tries = 0; tries < 200; tries++) {
    const checkpoint = await sealEntries(database.db, organizationId, key, systemClock)
    if (checkpoint && checkpoint.size === total) return checkpoint
    await sleep(20)
  }
  throw new Error('not sealed in time')
}

async function sealedIds(organizationId: string): Promise<string[]> {
  const rows = await readOnly(database.db, organizationId, (tx) =>
    tx.selectFrom('audit.sealed').select(['seq', 'entryId']).orderBy('seq').execute(),
  )
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_, at) => at))
  return rows.map((row) => row.entryId)
}

test('sealEntries signs a checkpoint, and answers null when nothing waits', async () => {
  const organizationId = await addOrganization(database.db)
  await append(organizationId, 4)
  const checkpoint = await sealAll(organizationId, 5)
  expect(openCheckpoint(checkpoint.note, originOf(organizationId), key.publicKey)).toMatchObject({ size: 5, root: checkpoint.root })
  expect(await sealEntries(database.db, organizationId, key, systemClock)).toBeNull()
})

test('sealEntries works in bounded batches', async () => {
  const organizationId = await addOrganization(database.db)
  await append(organizationId, 24)
  await sealAll(organizationId, 25)
  await append(organizationId, 25)
  await expect.poll(() => sealEntries(database.db, organizationId, key, systemClock, 10)).toMatchObject({ added: 10, size: 35 })
  expect(await sealEntries(database.db, organizationId, key, systemClock, 10)).toMatchObject({ added: 10, size: 45 })
  expect(await sealEntries(database.db, organizationId, key, systemClock, 10)).toMatchObject({ added: 5, size: 50 })
  expect(await verifyAudit(database.db, organizationId, key.publicKey)).toMatchObject({ ok: true, size: 50, unsealed: 0 })
})

test('an entry of a transaction still open keeps later ones waiting, and takes its place before them', async () => {
  const organizationId = await addOrganization(database.db)
  await sealAll(organizationId, 1)
  let early: readonly string[] = []
  let late: readonly string[] = []
  await transact(database.db, organizationId, async (tx) => {
    early = await appendEntries(tx, organizationId, entries(1), systemClock)
    late = await append(organizationId, 1)
    expect(await sealEntries(database.db, organizationId, key, systemClock)).toBeNull()
  })
  await sealAll(organizationId, 3)
  expect((await sealedIds(organizationId)).slice(1)).toEqual([...early, ...late])
})

test('entries of a rolled-back transaction leave no gap', async () => {
  const organizationId = await addOrganization(database.db)
  const failed = transact(database.db, organizationId, async (tx) => {
    await appendEntries(tx, organizationId, entries(3), systemClock)
    throw new Error('no')
  })
  await expect(failed).rejects.toThrow('no')
  await append(organizationId, 2)
  await sealAll(organizationId, 3)
  expect((await sealedIds(organizationId)).length).toBe(3)
})

test('eight writers with short and long transactions and three sealers: every entry sealed once, without a gap', async () => {
  const organizationId = await addOrganization(database.db)
  const written: string[] = []
  let writing = true
  const writer = async (number: number): Promise<void> => {
    for (let round = 0; round < 25; round++) {
      const ids = await transact(database.db, organizationId, async (tx) => {
        const first = await appendEntries(tx, organizationId, entries(1 + (round % 3)), systemClock)
        if ((round + number) % 5 === 0) await sleep(40)
        const second = await appendEntries(tx, organizationId, entries(1), systemClock)
        return [...first, ...second]
      })
      written.push(...ids)
    }
  }
  const checkpoints: Checkpoint[] = []
  const sealer = async (): Promise<void> => {
    while (writing) {
      const checkpoint = await sealEntries(database.db, organizationId, key, systemClock, 17)
      if (checkpoint) checkpoints.push(checkpoint)
      await sleep(3)
    }
  }
  // Verifying a log in use raises no false alarm.
  const verifier = async (): Promise<void> => {
    while (writing) expect((await verifyAudit(database.db, organizationId, key.publicKey)).problem).toBeNull()
  }
  const sealers = [sealer(), sealer(), sealer(), verifier()]
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)))
  writing = false
  await Promise.all(sealers)
  expect(checkpoints.length).toBeGreaterThan(5)
  await append(organizationId, 1)
  await sealAll(organizationId, written.length + 2)
  const sealed = await sealedIds(organizationId)
  expect(new Set(sealed).size).toBe(sealed.length)
  expect(written.every((id) => sealed.includes(id))).toBe(true)
  expect(
    await verifyAudit(database.db, organizationId, key.publicKey, { anchors: checkpoints.map((checkpoint) => checkpoint.note) }),
  ).toMatchObject({
    ok: true,
    size: written.length + 2,
    unsealed: 0,
  })
})

test('a log restored into a server with a lower transaction counter is sealed on, old waiting entries and new ones', async () => {
  const organizationId = await addOrganization(database.db)
  await append(organizationId, 3)
  await sealAll(organizationId, 4)
  await append(organizationId, 2)
  // What the restore leaves behind: rows and a floor with numbers that this server has not reached yet.
  await asAdmin(
    'alter table audit.entry disable trigger refuse_change',
    'alter table audit.checkpoint disable trigger refuse_change',
    `update audit.entry set xid = (xid::text::numeric + 1000000)::text::xid8 where organization_id = '${organizationId}'`,
    `update audit.checkpoint set floor = (floor::text::numeric + 1000000)::text::xid8 where organization_id = '${organizationId}'`,
    'alter table audit.entry enable always trigger refuse_change',
    'alter table audit.checkpoint enable always trigger refuse_change',
  )
  expect(await verifyAudit(database.db, organizationId, key.publicKey)).toMatchObject({ ok: true, unsealed: 2 })
  await append(organizationId, 1)
  await sealAll(organizationId, 7)
  await append(organizationId, 2)
  await sealAll(organizationId, 9)
  expect(await verifyAudit(database.db, organizationId, key.publicKey)).toMatchObject({ ok: true, size: 9, unsealed: 0 })
})

test('sealEntries refuses to build on a head that was not signed by its key', async () => {
  const organizationId = await addOrganization(database.db)
  await sealAll(organizationId, 1)
  await append(organizationId, 1)
  const other = await loadSigningKey(Buffer.alloc(32, 8))
  await expect(sealEntries(database.db, organizationId, other, systemClock)).rejects.toThrow('not the one that was signed')
})

test('proofs from the stored tree verify for a log of several hundred entries', async () => {
  const organizationId = await addOrganization(database.db)
  const ids: string[] = []
  const sizes: number[] = []
  for (const count of [255, 1, 44, 300, 7, 173]) {
    ids.push(...(await append(organizationId, count)))
    sizes.push((await sealAll(organizationId, ids.length + 1)).size)
  }
  await readOnly(database.db, organizationId, async (tx) => {
    for (const id of ids.filter((_, at) => at % 37 === 0)) {
      const proof = await inclusionProof(tx, organizationId, id)
      expect(verifyInclusion(proof)).toBe(true)
      expect(verifyInclusion({ ...proof, seq: proof.seq + 1 })).toBe(false)
      expect(proof.text.split('\n').slice(0, 2)).toEqual(['c2sp.org/tlog-proof@v1', `index ${proof.seq}`])
      expect(proof.text.endsWith(`\n\n${proof.note}`)).toBe(true)
    }
    for (const from of sizes) {
      for (const to of sizes.filter((size) => size >= from))
        expect(verifyConsistency(await consistencyProof(tx, organizationId, from, to))).toBe(true)
    }
    await expect(consistencyProof(tx, organizationId, 3)).rejects.toMatchObject({ code: 'not-found' })
    await expect(inclusionProof(tx, organizationId, systemClock.newId())).rejects.toMatchObject({ code: 'not-found' })
  })
})

async function asAdmin(...statements: string[]): Promise<void> {
  const admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  try {
    for (const statement of statements) await admin.query(statement)
  } finally {
    await admin.end()
  }
}

test('the sealed log of one organization is invisible to another', async () => {
  const [mine, other] = [await addOrganization(database.db), await addOrganization(database.db)]
  await sealAll(mine, 1)
  for (const table of ['audit.sealed', 'audit.checkpoint']) {
    const count = await readOnly(database.db, other, (tx) =>
      sql<{ count: number }>`select count(*) as count from ${sql.table(table)} where organization_id = ${mine}`.execute(tx),
    )
    expect(count.rows[0]?.count).toBe(0)
  }
})
