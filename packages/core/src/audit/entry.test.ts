import { Defect } from '@gonio/sdk'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { systemClock } from '../clock.ts'
import { isUuid, transact } from '../db/index.ts'
import { addOrganization, openTestDatabase } from '../testing/index.ts'
import type { TestDatabase } from '../testing/index.ts'
import { appendEntries } from './entry.ts'
import type { NewEntry } from './entry.ts'
import { hashLeaf } from './tree.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const entry = (over: Partial<NewEntry> = {}): NewEntry => ({
  actor: { kind: 'staff', id: systemClock.newId() },
  action: 'chart.read',
  refs: { patientId: systemClock.newId() },
  correlationId: systemClock.newId(),
  causationId: null,
  ...over,
})
const append = (...entries: NewEntry[]) =>
  transact(database.db, database.organizationId, (tx) => appendEntries(tx, database.organizationId, entries, systemClock))

test('appendEntries writes body, leaf and columns, and answers the ids in order', async () => {
  const written = [entry(), entry({ detail: { rows: 3, code: 'a-b', none: null, yes: true, ratio: 0.1 } }), entry({ refs: {} })]
  const ids = await append(...written)
  expect(ids.length).toBe(3)
  const rows = await transact(database.db, database.organizationId, (tx) =>
    tx.selectFrom('audit.entry').selectAll().where('id', 'in', ids).orderBy('id').execute(),
  )
  const second = rows.find((row) => row.id === ids[1])
  expect(second).toMatchObject({
    ...written[1]?.refs,
    actorKind: 'staff',
    refs: written[1]?.refs,
    detail: { rows: 3, code: 'a-b', none: null, yes: true, ratio: 0.1 },
  })
  expect(JSON.parse(second!.body.toString())).toMatchObject({
    id: ids[1],
    action: 'chart.read',
    salt: second!.salt.toString('hex'),
    organizationId: database.organizationId,
  })
  for (const row of rows) expect(row.leaf.equals(hashLeaf(row.body))).toBe(true)
  expect(new Set(rows.map((row) => row.salt.toString('hex'))).size).toBe(3)
})

test('appendEntries with nothing to write does nothing', async () => {
  expect(await append()).toEqual([])
})

test.each<[string, Partial<NewEntry>]>([
  ['words in a detail', { detail: { note: 'Maria Lopez' } }],
  ['words as a key of a detail', { detail: { 'Maria Lopez': 1 } }],
  ['a number that JSON cannot hold', { detail: { count: Number.NaN } }],
  ['a name as a reference', { refs: { patientId: 'Maria' } }],
  ['an id in upper case', { correlationId: '0193E0A0-0000-7000-8000-00000000000A' }],
  ['an action that is no <noun>.<verb>', { action: 'Read chart' }],
  ['a sentence as an actor', { actor: { kind: 'staff', id: 'Dr. Who' } }],
])('appendEntries refuses %s', async (_name, over) => {
  await expect(append(entry(over))).rejects.toThrow(Defect)
})

test('a write to a watched table without an audit entry is refused at commit', async () => {
  const rename = sql`update kernel.organization set name = 'Other' where organization_id = ${database.organizationId}`
  await expect(transact(database.db, database.organizationId, (tx) => rename.execute(tx))).rejects.toMatchObject({ code: 'GA001' })
  await transact(database.db, database.organizationId, async (tx) => {
    await rename.execute(tx)
    await appendEntries(tx, database.organizationId, [entry()], systemClock)
  })
  await expect(transact(database.db, database.organizationId, (tx) => rename.execute(tx))).rejects.toMatchObject({ code: 'GA001' })
})

test.each(['audit.entry', 'audit.sealed', 'audit.node', 'audit.checkpoint'])(
  'the application can neither change nor empty %s',
  async (table) => {
    for (const statement of [`update ${table} set organization_id = organization_id`, `delete from ${table}`, `truncate ${table}`]) {
      await expect(transact(database.db, database.organizationId, (tx) => sql.raw(statement).execute(tx))).rejects.toMatchObject({
        code: '42501',
      })
    }
  },
)

test('a superuser that skips ordinary triggers is still refused a change of an entry', async () => {
  await append(entry())
  const admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  try {
    await admin.query('set session_replication_role = replica')
    for (const statement of [`update audit.entry set action = 'x.y'`, 'delete from audit.entry', 'truncate audit.entry']) {
      await expect(admin.query(statement)).rejects.toMatchObject({ code: 'GA002' })
    }
  } finally {
    await admin.end()
  }
})

test('an entry of another organization can be neither written nor seen', async () => {
  const other = await addOrganization(database.db)
  await expect(
    transact(database.db, database.organizationId, (tx) => appendEntries(tx, other, [entry()], systemClock)),
  ).rejects.toMatchObject({ code: '42501' })
  const seen = await transact(database.db, other, (tx) => tx.selectFrom('audit.entry').select('organizationId').distinct().execute())
  expect(seen).toEqual([{ organizationId: other }])
})

test('only the roles of the kernel may set the organization', async () => {
  const admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  try {
    await admin.query('begin')
    await admin.query('create role hostile_probe')
    await admin.query('set local role hostile_probe')
    await expect(admin.query(`select set_config('gonio.org', $1, true)`, [database.organizationId])).rejects.toMatchObject({
      code: '42501',
    })
  } finally {
    await admin.query('rollback')
    await admin.end()
  }
})

test('the access report of a patient uses its index in spite of row-level security', async () => {
  const patientId = systemClock.newId()
  expect(isUuid(patientId)).toBe(true)
  await append(...Array.from({ length: 3000 }, () => entry()), entry({ refs: { patientId } }))
  const plan = await transact(database.db, database.organizationId, async (tx) => {
    const result = await sql<{
      'QUERY PLAN': string
    }>`explain select id from audit.entry where patient_id = ${patientId} order by id desc limit 100`.execute(tx)
    return JSON.stringify(result.rows)
  })
  expect(plan).toContain('entry_patient')
})
