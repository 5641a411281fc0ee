import { sql } from 'kysely'

import type { Db, Tx } from './database.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** True for a UUID as PostgreSQL writes it. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}

/**
 * Runs `work` in one transaction of one organization: row-level security shows and accepts only its rows. Everything that writes goes
 * through here; outside of it no organization is set and every insert is refused by the database.
 */
export function transact<T>(db: Db, organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await enter(tx, organizationId)
    return work(tx)
  })
}

/** The same for reads only: PostgreSQL itself refuses a write. */
export function readOnly<T>(db: Db, organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      await enter(tx, organizationId)
      return work(tx)
    })
}

async function enter(tx: Tx, organizationId: string): Promise<void> {
  // `true` = until the end of this transaction only; `false` would leak the organization to the next user of the connection.
  await sql`select set_config('gonio.org', ${organizationId}, true)`.execute(tx)
}
