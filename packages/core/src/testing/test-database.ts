import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sql } from 'kysely'
import pg from 'pg'

import { appendEntries } from '../audit/index.ts'
import { systemClock } from '../clock.ts'
import { appUrlOf, migrate, openDb, openEmbeddedServer, openPool, rolesOf, transact } from '../db/index.ts'
import type { Db } from '../db/index.ts'

export interface TestDatabase {
  readonly db: Db
  /** Superuser: what an intruder on the server could do. */
  readonly adminUrl: string
  /** The application role, as the kernel runs. */
  readonly appUrl: string
  readonly organizationId: string
  close(): Promise<void>
}

const SECRET = 'secret-of-the-test-databases'
let ownServer: Promise<string> | undefined

/** A new migrated database with one organization, on the server of the test run. Call `close()` when done: it drops the database. */
export async function openTestDatabase(options: { maxConnections?: number } = {}): Promise<TestDatabase> {
  const server = await serverUrl()
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(server, (client) => client.query(`create database ${name}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  const adminUrl = url.toString()
  await migrate(adminUrl, SECRET)
  const appUrl = appUrlOf(adminUrl, SECRET)
  const db = openDb(openPool(appUrl, options.maxConnections ?? 10))
  const organizationId = await addOrganization(db)
  const close = async (): Promise<void> => {
    await db.destroy()
    const { owner, app } = rolesOf(name)
    await onServer(server, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`)
      const roles = await client.query<{ rolname: string }>(
        `select rolname from pg_roles where rolname in ($1, $2) or starts_with(rolname, $3)`,
        [owner, app, `${name}_plugin_`],
      )
      for (const { rolname } of roles.rows) await client.query(`drop role ${client.escapeIdentifier(rolname)}`)
    })
  }
  return { db, adminUrl, appUrl, organizationId, close }
}

/** One more organization in the same database, for tests of the fence between them. */
export async function addOrganization(db: Db): Promise<string> {
  const organizationId = systemClock.newId()
  await transact(db, organizationId, async (tx) => {
    await sql`insert into kernel.tenant (id) values (${organizationId})`.execute(tx)
    await sql`insert into kernel.organization (organization_id, name, time_zone, demo) values (${organizationId}, 'Test Clinic', 'America/Denver', true)`.execute(
      tx,
    )
    await appendEntries(
      tx,
      organizationId,
      [{ actor: { kind: 'system', id: null }, action: 'organization.created', refs: {}, correlationId: organizationId, causationId: null }],
      systemClock,
    )
  })
  return organizationId
}

/** The server of the test run when there is one, else one of our own for this process. */
async function serverUrl(): Promise<string> {
  const provided = process.env['VITEST'] ? (await import('vitest')).inject('adminUrl') : undefined
  if (provided) return provided
  ownServer ??= startOwnServer()
  return ownServer
}

async function startOwnServer(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gonio-test-'))
  // As root, the server runs as another account and has to get in.
  await chmod(folder, 0o755)
  // It stops with the process.
  return (await openEmbeddedServer({ dataDir: join(folder, 'pg'), disposable: true })).url
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
