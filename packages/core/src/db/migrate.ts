import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'

import { Defect, Refusal } from '@gonio/sdk'
import pg from 'pg'

import { appPassword, databaseNameOf, rolesOf } from './database.ts'

const DIRECTORY = new URL('../../migrations/', import.meta.url)
/** Any constant: one migration at a time on one database. */
const LOCK = 7_214_001

/**
 * Brings a database to the current schema: roles, then each file of `migrations/` once, in order, each in its own transaction.
 *
 * @param adminUrl a role that may create roles and schemas (the embedded server's superuser, or DATABASE_URL)
 * @throws Refusal `unavailable` when that role may not create roles; Defect when a file that was applied has changed
 */
export async function migrate(adminUrl: string, secret: string): Promise<{ applied: readonly string[] }> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const roles = rolesOf(databaseNameOf(adminUrl))
  const applied: string[] = []
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await ensureRoles(client, adminUrl, secret)
    await client.query(`create schema if not exists kernel authorization ${roles.owner}`)
    await client.query(
      'create table if not exists kernel.migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    )
    const done = new Map<string, string>(
      (await client.query<{ name: string; sha256: string }>('select name, sha256 from kernel.migration')).rows.map((row) => [
        row.name,
        row.sha256,
      ]),
    )
    for (const name of (await readdir(DIRECTORY)).filter((file) => file.endsWith('.sql')).toSorted()) {
      const text = await readFile(new URL(name, DIRECTORY), 'utf8')
      const sha256 = createHash('sha256').update(text).digest('hex')
      const before = done.get(name)
      if (before === sha256) continue
      if (before !== undefined)
        throw new Defect(`Migration ${name} was applied with other text. Add a new migration instead of changing one.`)
      await applyFile(client, roles.owner, name, text.replaceAll('{{owner}}', roles.owner).replaceAll('{{app}}', roles.app), sha256)
      applied.push(name)
    }
  } finally {
    await client.end()
  }
  return { applied }
}

async function applyFile(client: pg.Client, owner: string, name: string, text: string, sha256: string): Promise<void> {
  await client.query('begin')
  try {
    // The owner is no superuser, so row-level security with FORCE holds for it too; an owner with BYPASSRLS would make every view a hole.
    await client.query(`set local role ${owner}`)
    await client.query(text)
    await client.query('reset role')
    await client.query('insert into kernel.migration (name, sha256) values ($1, $2)', [name, sha256])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Defect(`Migration ${name} failed: ${error instanceof Error ? error.message : 'unknown error'}`, { cause: error })
  }
}

async function ensureRoles(client: pg.Client, adminUrl: string, secret: string): Promise<void> {
  const database = databaseNameOf(adminUrl)
  const roles = rolesOf(database)
  const may = await client.query<{ may: boolean }>('select rolsuper or rolcreaterole as may from pg_roles where rolname = current_user')
  if (may.rows[0]?.may !== true) {
    throw new Refusal(
      'unavailable',
      'The database user of DATABASE_URL may not create roles. Use a user with CREATEROLE, or the owner of the server.',
    )
  }
  const quoted = client.escapeIdentifier(database)
  const password = client.escapeLiteral(appPassword(secret, database))
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${roles.owner}') then
        create role ${roles.owner} nologin noinherit nosuperuser nobypassrls;
      end if;
      if not exists (select from pg_roles where rolname = '${roles.app}') then
        create role ${roles.app} login noinherit nosuperuser nobypassrls;
      end if;
    end $$`)
  await client.query(`alter role ${roles.app} password ${password}`)
  await client.query(`grant ${roles.owner}, ${roles.app} to current_user`)
  // pg-boss makes and upgrades its own tables; they hold ids only and are not fenced.
  await client.query(`create schema if not exists pgboss authorization ${roles.app}`)
  await client.query(`grant create, connect on database ${quoted} to ${roles.owner}`)
  await client.query(`grant connect on database ${quoted} to ${roles.app}`)
  await reserveSetConfig(client, roles.owner, roles.app)
}

/**
 * Setting the organization is for the kernel alone: hostile SQL under a plugin's role cannot step over the fence. Only a superuser may
 * take this function from everyone; on a managed server it stays open, and the kernel refuses raw plugin SQL anyway.
 */
async function reserveSetConfig(client: pg.Client, owner: string, app: string): Promise<void> {
  const superuser = await client.query<{ super: boolean }>('select rolsuper as super from pg_roles where rolname = current_user')
  if (superuser.rows[0]?.super !== true) return
  await client.query(`grant execute on function pg_catalog.set_config(text, text, boolean) to ${owner}, ${app}`)
  await client.query('revoke execute on function pg_catalog.set_config(text, text, boolean) from public')
}
