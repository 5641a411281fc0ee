/**
 * db: the pool, transactions, roles and migrations of the one PostgreSQL.
 * It never knows what a table means.
 * Every module of the kernel calls it.
 */
export { appUrlOf, databaseNameOf, openDb, openPool, rolesOf } from './database.ts'
export type { Database, Db, Roles, Tx } from './database.ts'
export { openEmbeddedServer, runningServerUrl } from './embedded.ts'
export type { EmbeddedServer } from './embedded.ts'
export { migrate } from './migrate.ts'
export { refusalOfDatabase } from './refuse.ts'
export { isUuid, readOnly, transact } from './transact.ts'
