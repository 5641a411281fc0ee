import { createHmac } from 'node:crypto'

import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import type { Transaction } from 'kysely'
import pg from 'pg'

/** Every table of the kernel, as `schema.table`; each module adds its own by declaration merging. */
export interface Database {}

export type Db = Kysely<Database>
/** An open transaction with its organization set. The only thing that writes. */
export type Tx = Transaction<Database>

/** Role names carry the database name, because roles belong to the whole server. */
export interface Roles {
  readonly owner: string
  readonly app: string
  plugin(id: string): string
}

export function rolesOf(databaseName: string): Roles {
  const prefix = databaseName.replaceAll(/[^a-z0-9_]/gi, '_').toLowerCase()
  return { owner: `${prefix}_owner`, app: `${prefix}_app`, plugin: (id) => `${prefix}_plugin_${id.replaceAll('-', '_')}` }
}

export function databaseNameOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres'
}

/** The application role signs in with a password derived from the installation secret: nothing to store, same on every node. */
export function appUrlOf(adminUrl: string, secret: string): string {
  const url = new URL(adminUrl)
  url.username = rolesOf(databaseNameOf(adminUrl)).app
  url.password = appPassword(secret, databaseNameOf(adminUrl))
  return url.toString()
}

export function appPassword(secret: string, databaseName: string): string {
  return createHmac('sha256', secret).update(`database:${databaseName}`).digest('base64url')
}

const { builtins } = pg.types
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  [builtins.DATE, String],
  [builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString()],
])

/** Instants are ISO strings and dates plain `YYYY-MM-DD`, as everywhere above; a JS Date would move a birth date by a time zone. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format),
}

export function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, types, idleTimeoutMillis: 30_000, connectionTimeoutMillis: 10_000 })
  // A connection that dies while idle (server restart) must not end the process; the next checkout opens a new one.
  pool.on('error', () => {})
  // One that dies while it is lent out, between two statements, tells only its own client; the next statement on it fails.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export function openDb(pool: pg.Pool): Db {
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}
