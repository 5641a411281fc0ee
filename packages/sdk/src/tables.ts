import {
  DeleteQueryNode,
  InsertQueryNode,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SelectQueryNode,
  UpdateQueryNode,
} from 'kysely'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, RootOperationNode } from 'kysely'

import { Refusal } from './errors.ts'

/** How a query leaves the plugin: as Kysely's operation tree (data), never as SQL text. */
export interface QueryPort {
  select(query: RootOperationNode): Promise<readonly unknown[]>
  write(query: RootOperationNode): void
}

/**
 * A Kysely whose selects are answered by the kernel under the plugin's own database role, and whose inserts, updates and deletes join the
 * run's unit of work. Tables without a schema are the plugin's own.
 */
export function openTables<Tables>(port: QueryPort): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new PortDriver(port),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}

class PortDriver implements Driver {
  readonly #port: QueryPort
  constructor(port: QueryPort) {
    this.#port = port
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return new PortConnection(this.#port)
  }
  async beginTransaction(): Promise<void> {
    throw new Refusal('not-allowed', 'A plugin needs no transaction: everything it writes in a run is committed together.')
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

class PortConnection implements DatabaseConnection {
  readonly #port: QueryPort
  constructor(port: QueryPort) {
    this.#port = port
  }
  async executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>>
  async executeQuery(compiled: CompiledQuery): Promise<QueryResult<unknown>> {
    const query = compiled.query
    if (SelectQueryNode.is(query)) return { rows: [...(await this.#port.select(query))] }
    if (InsertQueryNode.is(query) || UpdateQueryNode.is(query) || DeleteQueryNode.is(query)) {
      if (query.returning !== undefined) {
        throw new Refusal(
          'not-allowed',
          'A write joins the unit of work and returns nothing yet: make ids with run.newId() instead of "returning".',
        )
      }
      this.#port.write(query)
      return { rows: [] }
    }
    throw new Refusal(
      'not-allowed',
      `A plugin cannot run a ${query.kind}. Use select, insert, update or delete; tables are made in migrations.`,
    )
  }
  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Refusal('not-allowed', 'Streaming is not offered to plugins: select a page at a time.')
  }
}
