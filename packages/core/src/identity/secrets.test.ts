import { createHash } from 'node:crypto'

import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openPool, rolesOf, databaseNameOf, transact } from '../db/index.ts'
import { createLink, linkToken, signOut } from './index.ts'
import { openTestPeople, PASSWORD, refusalOf, SYSTEM } from './test-people.ts'
import type { TestPeople } from './test-people.ts'

const TYPED_BY_MISTAKE = 'MyOtherPassword-2026'

let people: TestPeople
beforeAll(async () => {
  people = await openTestPeople()
})
afterAll(() => people.scratch.close())

/** Every row of every table as text, as an intruder with a dump would have it. */
async function dump(adminUrl: string): Promise<{ tables: number; text: string }> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    )
    const texts: string[] = []
    for (const { name } of tables.rows)
      texts.push(
        (await client.query<{ text: string | null }>(`select string_agg(t::text, E'\\n') as text from ${name} t`)).rows[0]?.text ?? '',
      )
    return { tables: tables.rows.length, text: texts.join('\n') }
  } finally {
    await client.end()
  }
}

/** The ways in which a secret could lie in a column. */
function spellings(secret: string): string[] {
  const raw = Buffer.from(secret, 'base64url')
  const bytes = Buffer.from(secret)
  return [secret, bytes.toString('hex'), bytes.toString('base64'), raw.toString('hex'), raw.toString('base64').replaceAll('=', '')]
}

test('a dump of the database holds nothing that opens a session, an account or a link', async () => {
  const { email } = await people.add()
  const open = await people.enter(email)
  const ended = await people.enter(email)
  await signOut(people.deps, ended.token)
  await refusalOf(people.enter(TYPED_BY_MISTAKE))
  await refusalOf(people.enter(`${TYPED_BY_MISTAKE}@clinic.example`))
  const { organizationId } = people.scratch
  const linkId = people.deps.clock.newId()
  const link = {
    id: linkId,
    plugin: 'intake',
    procedures: ['intake.next'],
    subject: {},
    language: 'en' as const,
    title: 'Intake',
    expiresInHours: 1,
  }
  await transact(people.scratch.db, organizationId, (tx) =>
    createLink(tx, people.deps.clock, organizationId, link, { actor: SYSTEM, correlationId: linkId, causationId: null }),
  )
  const token = linkToken(people.deps.secret, { organizationId, linkId })
  const mac = Buffer.from(token, 'base64url').subarray(32).toString('base64url')

  const { tables, text } = await dump(people.scratch.adminUrl)
  expect(tables).toBeGreaterThan(15)
  // The search can find something: the hash of the token and the id of the link are there.
  expect(text).toContain(createHash('sha256').update(open.token).digest('hex'))
  expect(text).toContain(linkId)
  for (const secret of [open.token, ended.token, token, mac, PASSWORD, people.deps.secret]) {
    for (const spelling of spellings(secret)) expect(text.includes(spelling)).toBe(false)
  }
  expect(text.toLowerCase()).not.toContain(TYPED_BY_MISTAKE.toLowerCase())
})

test('no role but the owner and the application reads schema auth', async () => {
  const client = new pg.Client({ connectionString: people.scratch.adminUrl })
  await client.connect()
  try {
    const { owner, app } = rolesOf(databaseNameOf(people.scratch.adminUrl))
    const grants = await client.query<{ grantee: string; name: string }>(`
      select coalesce(r.rolname, 'public') as grantee, c.relname as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a left join pg_roles r on r.oid = a.grantee
      where n.nspname = 'auth' and c.relkind = 'r'`)
    expect(new Set(grants.rows.map((row) => row.name))).toEqual(new Set(['user', 'account', 'member', 'session', 'attempt']))
    expect(new Set(grants.rows.map((row) => row.grantee))).toEqual(new Set([owner, app]))
  } finally {
    await client.end()
  }
})

test('staff, licenses and links are not visible without an organization', async () => {
  const pool = openPool(people.scratch.appUrl, 1)
  try {
    for (const table of ['kernel.staff', 'kernel.license', 'kernel.link']) {
      expect((await pool.query(`select 1 from ${table}`)).rowCount, table).toBe(0)
    }
  } finally {
    await pool.end()
  }
})
