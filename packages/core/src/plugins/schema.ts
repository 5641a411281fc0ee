import { createHash } from 'node:crypto'

import { Defect } from '@gonio/sdk'
import type { Plugin, PluginPermission } from '@gonio/sdk'
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import pg from 'pg'

import { databaseNameOf, rolesOf } from '../db/index.ts'
import type { Roles } from '../db/index.ts'
import { schemaOf } from './query.ts'

/** Chart tables that a read permission opens to a plugin's role; row-level security holds for it as for everyone. */
const TABLES: Partial<Record<PluginPermission, readonly string[]>> = {
  'patient:read': ['chart.patient'],
  'coverage:read': ['chart.coverage'],
  'episode:read': ['chart.episode'],
  'visit:read': ['chart.visit'],
  'measurement:read': ['chart.measurement'],
  'goal:read': ['chart.goal'],
  'document:read': ['chart.document', 'chart.document_revision'],
}
const MAY_START = /^(create table|create index|create unique index|alter table|drop index) /

/** Only builds statements; never connects. */
const builder = new Kysely<object>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/**
 * Makes or brings up to date what a plugin has in the database: a role without login that may read the chart tables of its permissions, and a
 * schema in which every table is fenced by organization and watched for audit entries.
 *
 * @param adminUrl a role that may create roles; only the process that migrates has it
 */
export async function syncPluginSchemas(adminUrl: string, plugins: readonly Plugin[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(7214002)')
    for (const plugin of plugins) await syncOne(client, plugin, rolesOf(databaseNameOf(adminUrl)))
  } finally {
    await client.end()
  }
}

async function syncOne(client: pg.Client, plugin: Plugin, roles: Roles): Promise<void> {
  const [role, schema] = [roles.plugin(plugin.id), schemaOf(plugin.id)]
  await client.query('begin')
  try {
    const known = await client.query('select from pg_roles where rolname = $1', [role])
    if (known.rowCount === 0) await client.query(`create role ${role} nologin noinherit nosuperuser nobypassrls`)
    await client.query(`grant ${role} to ${roles.app}`)
    await client.query(`create schema if not exists ${schema} authorization ${roles.owner}`)
    await client.query(`grant usage on schema chart, ${schema} to ${role}`)
    await client.query(`revoke all on all tables in schema chart from ${role}`)
    for (const table of plugin.permissions.flatMap((permission) => TABLES[permission] ?? []))
      await client.query(`grant select on ${table} to ${role}`)
    const done = new Map(
      (
        await client.query<{ name: string; sha256: string }>('select name, sha256 from kernel.plugin_migration where plugin = $1', [
          plugin.id,
        ])
      ).rows.map((row) => [row.name, row.sha256]),
    )
    for (const migration of plugin.migrations) {
      const statements = migration.up(builder.withSchema(schema)).map((statement) => statement.compile().sql)
      const sha256 = createHash('sha256').update(statements.join(';\n')).digest('hex')
      if (done.get(migration.name) === sha256) continue
      if (done.has(migration.name))
        throw new Defect(`Migration ${migration.name} of ${plugin.id} was applied with other text. Add a new migration instead.`)
      await applyMigration(client, { statements, schema, owner: roles.owner, plugin: plugin.id })
      await client.query('insert into kernel.plugin_migration (plugin, name, sha256) values ($1, $2, $3)', [
        plugin.id,
        migration.name,
        sha256,
      ])
    }
    await fenceTables(client, { schema, role, owner: roles.owner })
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function applyMigration(
  client: pg.Client,
  of: { statements: readonly string[]; schema: string; owner: string; plugin: string },
): Promise<void> {
  await client.query(`set local role ${of.owner}`)
  for (const statement of of.statements) {
    const named = [...statement.matchAll(/"([a-z_0-9]+)"\."/g)].map((match) => match[1])
    if (!MAY_START.test(statement) || named.some((schema) => schema !== of.schema)) {
      throw new Defect(`A migration of ${of.plugin} may only make and change tables and indexes of its own schema.`)
    }
    await client.query(`set local search_path to ${of.schema}`)
    await client.query(statement)
  }
  await client.query('reset search_path')
  await client.query('reset role')
}

/** Each table of the schema that has no fence yet gets organization_id, the policy, the audit watch, and its grants to the plugin's role. */
async function fenceTables(client: pg.Client, of: { schema: string; role: string; owner: string }): Promise<void> {
  const tables = await client.query<{ name: string; fenced: boolean }>(
    `select c.relname as name, c.relforcerowsecurity as fenced from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`,
    [of.schema],
  )
  await client.query(`set local role ${of.owner}`)
  for (const { name, fenced } of tables.rows) {
    const table = `${of.schema}.${client.escapeIdentifier(name)}`
    if (!fenced) {
      await client.query(
        `alter table ${table} add column organization_id uuid not null default nullif(current_setting('gonio.org', true), '')::uuid`,
      )
      await client.query(`create index on ${table} (organization_id)`)
      await client.query(`select kernel.fence($1::regclass)`, [table])
      await client.query(`select kernel.watch($1::regclass)`, [table])
    }
    await client.query(`grant select, insert, update, delete on ${table} to ${of.role}`)
  }
  await client.query('reset role')
}
