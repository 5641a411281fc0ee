import { createHash } from 'node:crypto'

import { Refusal } from '@gonio/sdk'
import canonicalize from 'canonicalize'
import { CompiledQuery, sql } from 'kysely'
import pg from 'pg'

import type { Tx } from '../db/index.ts'
import { MovedFacts } from './unit.ts'
import type { PluginDirectory, Unit } from './unit.ts'

/** A stable hash of an answer, to tell whether the same question would be answered alike now. */
export function hashRows(rows: readonly unknown[]): string {
  return createHash('sha256')
    .update(canonicalize(JSON.parse(JSON.stringify(rows))) ?? '')
    .digest('base64url')
}

interface PendingWrite {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/**
 * Writes the own tables of all plugins of a group, each under its own database role, so that PostgreSQL itself refuses any other table.
 * First the selects that runs made on their own tables are asked again; a different answer voids the run that made it.
 */
export async function writeOwnData(tx: Tx, directory: PluginDirectory, units: readonly Unit[]): Promise<void> {
  const byPlugin = Map.groupBy(
    units.filter((unit) => unit.plugin !== null),
    (unit) => unit.plugin?.id ?? '',
  )
  for (const [plugin, members] of [...byPlugin].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const writes = coalesce(
      members.flatMap((unit) =>
        unit.changes.flatMap((change) => (change.kind === 'own.write' ? [directory.compileWrite(plugin, change.query)] : [])),
      ),
    )
    const reads = members.flatMap((unit) => unit.ownReads)
    if (writes.length === 0 && reads.length === 0) continue
    // Runs that read their own tables commit one after the other: between the second look and the commit nobody may write.
    if (reads.length > 0)
      await sql`select pg_advisory_xact_lock(hashtextextended(${`${members[0]?.cause.organizationId}|${plugin}`}, 7214))`.execute(tx)
    await sql`set local role ${sql.id(directory.roleOf(plugin))}`.execute(tx)
    for (const read of reads) {
      const { sql: text, parameters } = directory.compileSelect(plugin, read.query)
      const answer = await tx.withoutPlugins().executeQuery(CompiledQuery.raw(text, [...parameters]))
      if (hashRows(answer.rows) !== read.hash) throw new MovedFacts(`own tables of ${plugin}`)
    }
    for (const write of writes) await runWrite(tx, plugin, write)
    await sql`reset role`.execute(tx)
  }
}

async function runWrite(tx: Tx, plugin: string, write: PendingWrite): Promise<void> {
  try {
    await tx.withoutPlugins().executeQuery(CompiledQuery.raw(write.sql, [...write.parameters]))
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    // The server's detail may quote values of the row; only the code and the table go on.
    if (error.code === '42501')
      throw new Refusal('not-allowed', `Plugin ${plugin} wrote to a table that is not its own.`, { table: error.table ?? null })
    // An unknown table or column, or a value of another type: the plugin's mistake.
    if (error.code?.startsWith('42') === true)
      throw new Refusal('plugin-failed', `A write of plugin ${plugin} does not fit its tables.`, { code: error.code })
    if (error.code?.startsWith('23') === true)
      throw new Refusal('conflict', `A row of plugin ${plugin} broke the rule ${error.constraint ?? 'of its table'}.`, { code: error.code })
    throw error
  }
}

const VALUES = /^(insert into [^;]*? values )(\([^()]*\))$/

/** Joins neighboring one-row inserts into the same columns: one statement for a whole group. PostgreSQL allows 65,535 parameters. */
function coalesce(writes: readonly PendingWrite[]): readonly PendingWrite[] {
  const joined: { head: string; rows: string[]; parameters: unknown[]; sql: string }[] = []
  for (const write of writes) {
    const match = VALUES.exec(write.sql)
    const last = joined.at(-1)
    const head = match?.[1] ?? ''
    if (match !== null && last !== undefined && last.head === head && last.parameters.length + write.parameters.length < 60_000) {
      last.rows.push((match[2] ?? '').replaceAll(/\$(\d+)/g, (_, number) => `$${Number(number) + last.parameters.length}`))
      last.parameters.push(...write.parameters)
    } else joined.push({ head, rows: match === null ? [] : [match[2] ?? ''], parameters: [...write.parameters], sql: write.sql })
  }
  return joined.map(({ head, rows, parameters, sql: text }) => ({ sql: rows.length > 1 ? head + rows.join(', ') : text, parameters }))
}
