import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { systemClock } from '../clock.ts'
import { readOnly, transact } from '../db/index.ts'
import { addOrganization, openTestDatabase } from '../testing/index.ts'
import type { TestDatabase } from '../testing/index.ts'
import { originOf, signCheckpoint } from './checkpoint-note.ts'
import { appendEntries } from './entry.ts'
import { exportAudit } from './export.ts'
import { listEntries } from './list.ts'
import { sealEntries } from './seal.ts'
import { loadSigningKey } from './signing-key.ts'
import { hashLeaf } from './tree.ts'
import { verifyAudit } from './verify.ts'
import { verifyExport } from './verify-export.ts'

const TABLES = ['audit.entry', 'audit.sealed', 'audit.node', 'audit.checkpoint']
const key = await loadSigningKey(Buffer.alloc(32, 7))

let database: TestDatabase
let admin: pg.Client
beforeAll(async () => {
  database = await openTestDatabase()
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  // The intruder of these tests is superuser and has switched off the guards.
  for (const table of TABLES) await admin.query(`alter table ${table} disable trigger refuse_change`)
})
afterAll(async () => {
  await admin.end()
  await database.close()
})

let organizationId: string
/** In the order of the tree: 30 entries in checkpoints of 1, 10, 20 and 30. */
let ids: string[]
let notes: string[]
beforeEach(async () => {
  organizationId = await addOrganization(database.db)
  notes = [await seal(1)]
  for (const count of [9, 10, 10]) {
    for (let at = 0; at < count; at++) await append()
    notes.push(await seal(notes.length * 10))
  }
  const rows = await readOnly(database.db, organizationId, (tx) => tx.selectFrom('audit.sealed').select('entryId').orderBy('seq').execute())
  ids = rows.map((row) => row.entryId)
})

async function append(): Promise<void> {
  const entry = {
    actor: { kind: 'staff', id: systemClock.newId() },
    action: 'chart.read',
    refs: { patientId: systemClock.newId() },
    correlationId: systemClock.newId(),
    causationId: null,
    detail: { rows: 2 },
  } as const
  await transact(database.db, organizationId, (tx) => appendEntries(tx, organizationId, [entry], systemClock))
}

async function seal(size: number): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const checkpoint = await sealEntries(database.db, organizationId, key, systemClock)
    if (checkpoint?.size === size) return checkpoint.note
    await sleep(20)
  }
  throw new Error('not sealed in time')
}

const verify = (anchors: readonly string[] = []) => verifyAudit(database.db, organizationId, key.publicKey, { anchors })
const exported = async (): Promise<string[]> => {
  const lines: string[] = []
  for await (const line of exportAudit(database.db, organizationId, key.publicKey)) lines.push(line)
  return lines
}
const bodyOf = async (id: string): Promise<Buffer> =>
  (await admin.query<{ body: Buffer }>('select body from audit.entry where id = $1', [id])).rows[0]!.body

test('an untouched log verifies, in the database and as an export', async () => {
  const report = await verify(notes)
  expect(report).toMatchObject({ ok: true, checked: 30, size: 30, unsealed: 0, problem: null })
  expect(Date.parse(report.at)).toBeGreaterThan(0)
  expect(await verifyExport(await exported(), key.publicKey, notes)).toMatchObject({
    ok: true,
    checked: 30,
    size: 30,
    root: report.root,
    problem: null,
  })
})

test('a log without any seal verifies by its entries alone', async () => {
  organizationId = await addOrganization(database.db)
  expect(await verify()).toMatchObject({ ok: true, checked: 1, size: 0, unsealed: 1 })
  expect(await verifyExport(await exported(), key.publicKey)).toMatchObject({ ok: true, checked: 1, size: 0, unsealed: 1 })
})

test('a deleted entry is named', async () => {
  await admin.query('delete from audit.entry where id = $1', [ids[13]])
  expect((await verify()).problem).toEqual({ seq: 13, id: ids[13], what: 'The entry was deleted' })
  expect((await verifyExport(await exported(), key.publicKey)).problem).toMatchObject({ seq: 13, id: ids[13] })
})

test('an entry deleted together with its place is located', async () => {
  await admin.query('delete from audit.entry where id = $1', [ids[13]])
  await admin.query('delete from audit.sealed where entry_id = $1', [ids[13]])
  expect((await verify()).problem).toMatchObject({ seq: 13, what: 'The entry at place 13 is missing' })
})

test('an entry deleted so that the rest closes up is located by the tree', async () => {
  await admin.query('delete from audit.entry where id = $1', [ids[13]])
  await admin.query('delete from audit.sealed where entry_id = $1', [ids[13]])
  for (let seq = 14; seq < 30; seq++)
    await admin.query('update audit.sealed set seq = seq - 1 where organization_id = $1 and seq = $2', [organizationId, seq])
  const { problem } = await verify()
  expect(problem).toMatchObject({ seq: 10, id: ids[10] })
})

test('a changed body is named', async () => {
  await admin.query(
    `update audit.entry set body = convert_to(replace(convert_from(body, 'UTF8'), '"rows":2', '"rows":3'), 'UTF8') where id = $1`,
    [ids[21]],
  )
  expect((await verify()).problem).toEqual({ seq: 21, id: ids[21], what: 'The body of the entry was changed' })
  expect((await verifyExport(await exported(), key.publicKey)).problem?.seq).toBeGreaterThanOrEqual(20)
})

test('a body replaced by bytes that are no text is named', async () => {
  await admin.query(`update audit.entry set body = '\\xff00fe' where id = $1`, [ids[2]])
  expect((await verify()).problem).toMatchObject({ seq: 2, id: ids[2] })
  expect((await verifyExport(await exported(), key.publicKey)).problem).toMatchObject({ seq: 2, id: ids[2] })
})

test.each([
  ['action', `action = 'chart.printed'`, 'action'],
  ['actor_id', `actor_id = 'somebody-else'`, 'actor'],
  ['actor_kind', `actor_kind = 'system'`, 'actor'],
  ['occurred_at', `occurred_at = occurred_at + interval '1 microsecond'`, 'occurredAt'],
  ['refs', `refs = jsonb_set(refs, '{patientId}', '"0193e0a0-0000-7000-8000-000000000009"')`, 'refs'],
  ['detail', `detail = '{"rows": 1}'`, 'detail'],
  ['correlation_id', `correlation_id = '0193e0a0-0000-7000-8000-000000000009'`, 'correlationId'],
  ['causation_id', `causation_id = '0193e0a0-0000-7000-8000-000000000009'`, 'causationId'],
  ['salt', `salt = '\\x00000000000000000000000000000000'`, 'salt'],
])('a changed column %s is named', async (_column, change, field) => {
  await admin.query(`update audit.entry set ${change} where id = $1`, [ids[17]])
  expect((await verify()).problem).toEqual({ seq: 17, id: ids[17], what: `The entry was changed: ${field} differs from what was hashed` })
})

test('a changed hash column is named', async () => {
  await admin.query('update audit.entry set leaf = sha256(leaf) where id = $1', [ids[4]])
  expect((await verify()).problem).toMatchObject({ seq: 4, id: ids[4], what: 'The hash of the entry does not match its body' })
})

/** Rewrites body, columns and hash of an entry so that it agrees with itself. */
async function rewrite(id: string): Promise<void> {
  const body = Buffer.from((await bodyOf(id)).toString().replace('"rows":2', '"rows":9'))
  await admin.query(`update audit.entry set detail = '{"rows": 9}', body = $2, leaf = $3 where id = $1`, [id, body, hashLeaf(body)])
}

test('an entry rewritten with its hash is named by what was sealed', async () => {
  await rewrite(ids[8]!)
  expect((await verify()).problem).toMatchObject({
    seq: 8,
    id: ids[8],
    what: 'Another entry was sealed at this place: the entry was replaced or moved',
  })
})

test('an entry rewritten in every place is located between two signed checkpoints', async () => {
  await rewrite(ids[25]!)
  await admin.query('update audit.sealed s set leaf = e.leaf from audit.entry e where e.id = s.entry_id and e.id = $1', [ids[25]])
  expect((await verify()).problem).toMatchObject({
    seq: 20,
    id: ids[20],
    what: 'An entry from 20 to 29 was replaced together with its hashes',
  })
  expect((await verifyExport(await exported(), key.publicKey)).problem).toMatchObject({ seq: 20 })
})

test('two entries whose places were exchanged are named', async () => {
  const move = (id: string | undefined, seq: number) => admin.query('update audit.sealed set seq = $2 where entry_id = $1', [id, seq])
  await move(ids[14], 1000)
  await move(ids[16], 14)
  await move(ids[14], 16)
  expect((await verify()).problem).toMatchObject({ seq: 14, id: ids[16], what: 'The order of the entries 10 to 19 was changed' })
})

test('two places that point at each other’s entry are named', async () => {
  const point = (seq: number, id: string | undefined) =>
    admin.query('update audit.sealed set entry_id = $3 where organization_id = $1 and seq = $2', [organizationId, seq, id])
  await point(14, systemClock.newId())
  await point(16, ids[14])
  await point(14, ids[16])
  expect((await verify()).problem).toMatchObject({
    seq: 14,
    id: ids[16],
    what: 'Another entry was sealed at this place: the entry was replaced or moved',
  })
})

test('a forged checkpoint is found, in the middle and at the end', async () => {
  const forger = await loadSigningKey(Buffer.alloc(32, 9))
  const forge = (size: number) => signCheckpoint({ origin: originOf(organizationId), size, root: hashLeaf(Buffer.from('forged')) }, forger)
  await admin.query(
    'insert into audit.checkpoint select organization_id, 15, root, $2, edge, floor, created_at from audit.checkpoint where organization_id = $1 and size = 20',
    [organizationId, forge(15)],
  )
  expect((await verify()).problem).toEqual({ seq: 14, id: null, what: "The checkpoint of size 15 was not signed by this log's key" })
  await admin.query('update audit.checkpoint set note = $2 where organization_id = $1 and size = 30', [organizationId, forge(30)])
  expect((await verify()).problem).toEqual({ seq: 29, id: null, what: "The checkpoint of size 30 was not signed by this log's key" })
  await expect(append().then(() => sealEntries(database.db, organizationId, key, systemClock))).rejects.toThrow(
    'not the one that was signed',
  )
})

test('a checkpoint row that says something else than its note is found', async () => {
  await admin.query('update audit.checkpoint set root = sha256(root) where organization_id = $1 and size = 20', [organizationId])
  expect((await verify()).problem).toEqual({
    seq: 19,
    id: null,
    what: 'The checkpoint of size 20 says something else than its signed note',
  })
})

test('a changed edge of a checkpoint is found', async () => {
  await admin.query('update audit.checkpoint set edge = sha256(edge) || substr(edge, 33) where organization_id = $1 and size = 20', [
    organizationId,
  ])
  expect((await verify()).problem).toEqual({ seq: 19, id: null, what: 'The stored edge of the checkpoint of size 20 was changed' })
})

const cutTail = async (): Promise<void> => {
  await admin.query('delete from audit.entry where id = any($1)', [ids.slice(20)])
  await admin.query('delete from audit.sealed where organization_id = $1 and seq >= 20', [organizationId])
}

test('a tail cut off without its checkpoint is located', async () => {
  await cutTail()
  expect((await verify()).problem).toMatchObject({ seq: 20, what: 'The entry at place 20 is missing' })
})

test('a tail cut off with its checkpoint is located by a note kept outside, also after the log was sealed on', async () => {
  await cutTail()
  await admin.query('delete from audit.checkpoint where organization_id = $1 and size > 20', [organizationId])
  expect((await verify()).ok).toBe(true)
  expect((await verify(notes)).problem).toEqual({
    seq: 20,
    id: null,
    what: 'The log ends at 20 entries, but a kept checkpoint proves 30: its tail was cut off',
  })
  expect((await verifyExport(await exported(), key.publicKey, notes)).problem).toMatchObject({ seq: 20 })
  for (let at = 0; at < 12; at++) await append()
  await seal(32)
  expect((await verify()).ok).toBe(true)
  expect((await verify(notes)).problem).toMatchObject({ seq: 20 })
  expect((await verifyExport(await exported(), key.publicKey, notes)).problem).toMatchObject({ seq: 20 })
})

test('a kept note of another key is refused', async () => {
  expect((await verifyAudit(database.db, organizationId, (await loadSigningKey(Buffer.alloc(32, 3))).publicKey)).ok).toBe(false)
  expect((await verify([notes[0]!.replace('\n1\n', '\n2\n')])).problem?.what).toBe(
    'A kept checkpoint was not signed by the key of this log',
  )
})

test('a removed last checkpoint is found', async () => {
  await admin.query('delete from audit.checkpoint where organization_id = $1 and size = 30', [organizationId])
  expect((await verify()).problem).toEqual({ seq: 20, id: ids[20], what: 'The checkpoint that sealed this entry is missing' })
})

test('an entry changed before it was sealed is named', async () => {
  await append()
  const [last] = await readOnly(database.db, organizationId, (tx) => listEntries(tx, organizationId, { limit: 1 }))
  expect(last?.seq).toBeNull()
  await admin.query(`update audit.entry set detail = '{"rows": 1}' where id = $1`, [last?.id])
  expect((await verify()).problem).toEqual({ seq: null, id: last?.id, what: 'The entry was changed: detail differs from what was hashed' })
  await admin.query(
    `update audit.entry set detail = '{"rows": 2}', body = convert_to(replace(convert_from(body, 'UTF8'), '"rows":2', '"rows":1'), 'UTF8') where id = $1`,
    [last?.id],
  )
  expect((await verify()).problem).toMatchObject({ seq: null, id: last?.id, what: 'The hash of the entry does not match its body' })
  expect((await verifyExport(await exported(), key.publicKey)).problem).toMatchObject({ seq: null, id: last?.id })
})

test.each(['1', '9000000000'])('an entry put in afterwards under the transaction number %s is named', async (xid) => {
  const id = systemClock.newId()
  const body = Buffer.from((await bodyOf(ids[5]!)).toString().replaceAll(ids[5]!, id))
  await admin.query(
    `insert into audit.entry (organization_id, id, xid, occurred_at, actor_kind, actor_id, action, refs, correlation_id, causation_id, detail, salt, body, leaf)
     select organization_id, $2, $3::text::xid8, occurred_at, actor_kind, actor_id, action, refs, correlation_id, causation_id, detail, salt, $4, $5 from audit.entry where id = $1`,
    [ids[5], id, xid, body, hashLeaf(body)],
  )
  expect((await verify()).problem).toMatchObject({ seq: null, id, what: expect.stringContaining('can never be sealed') })
})

test('a changed stored node is found', async () => {
  await transact(database.db, organizationId, (tx) =>
    appendEntries(
      tx,
      organizationId,
      Array.from({ length: 300 }, () => ({
        actor: { kind: 'system', id: null },
        action: 'test.ran',
        refs: {},
        correlationId: organizationId,
        causationId: null,
      })),
      systemClock,
    ),
  )
  await seal(330)
  expect((await verify()).ok).toBe(true)
  await admin.query('update audit.node set hash = sha256(hash) where organization_id = $1', [organizationId])
  expect((await verify()).problem).toEqual({
    seq: 0,
    id: null,
    what: 'The stored hash of 256 entries from this place on is missing or was changed',
  })
})

test('an export with a missing, exchanged or changed line fails', async () => {
  const lines = await exported()
  for (let at = 0; at < lines.length; at++) {
    const line = JSON.parse(lines[at]!) as { type: string }
    const without = await verifyExport(lines.toSpliced(at, 1), key.publicKey)
    // A checkpoint in the middle only adds what the later ones prove as well.
    expect(without.ok).toBe(line.type === 'checkpoint' && at < lines.length - 2)
    if (at + 1 < lines.length)
      expect((await verifyExport(lines.with(at, lines[at + 1]!).with(at + 1, lines[at]!), key.publicKey)).ok).toBe(false)
    if (line.type === 'entry')
      expect(
        (
          await verifyExport(
            lines.with(at, lines[at]!.replace('chart.read', 'chart.seen').replace('organization.created', 'organization.made')),
            key.publicKey,
          )
        ).ok,
      ).toBe(false)
  }
  expect((await verifyExport(['not json'], key.publicKey)).ok).toBe(false)
  expect((await verifyExport([], key.publicKey)).ok).toBe(false)
})

test('listEntries filters, pages newest first, and refuses bad input', async () => {
  await readOnly(database.db, organizationId, async (tx) => {
    const all = await listEntries(tx, organizationId)
    expect(all.map((entry) => entry.id)).toEqual(ids.toReversed())
    expect(all[0]).toMatchObject({ seq: 29, action: 'chart.read', detail: { rows: 2 } })
    const page = await listEntries(tx, organizationId, { before: all[9]!.id, limit: 5 })
    expect(page.map((entry) => entry.id)).toEqual(all.slice(10, 15).map((entry) => entry.id))
    const one = all[3]!
    for (const options of [{ patientId: one.refs.patientId! }, { correlationId: one.correlationId }, { actor: one.actor }]) {
      expect((await listEntries(tx, organizationId, options)).map((entry) => entry.id)).toEqual([one.id])
    }
    expect((await listEntries(tx, organizationId, { action: 'organization.created' })).length).toBe(1)
    expect((await listEntries(tx, organizationId, { until: all.at(-1)!.occurredAt })).length).toBe(0)
    await expect(listEntries(tx, organizationId, { limit: 5000 })).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(listEntries(tx, organizationId, { patientId: 'x' })).rejects.toMatchObject({ code: 'invalid-input' })
  })
})
