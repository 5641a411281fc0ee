import { sql } from 'kysely'

import type { Tx } from '../db/index.ts'
import { entryProblem } from './log-check.ts'
import type { AuditProblem } from './log-check.ts'
import { COLUMNS, columnsOf } from './verify-rows.ts'
import type { EntryRow } from './verify-rows.ts'

const BATCH = 8192

/** A seal and its checkpoint are committed together, so nothing may be sealed beyond the last one. */
export async function findBeyond(tx: Tx, organizationId: string): Promise<AuditProblem | null> {
  const result = await sql<{ seq: number; entryId: string }>`
    select seq, entry_id from audit.sealed
    where organization_id = ${organizationId}
      and seq >= (select coalesce(max(size), 0) from audit.checkpoint where organization_id = ${organizationId})
    order by seq limit 1`.execute(tx)
  const row = result.rows[0]
  return row ? { seq: row.seq, id: row.entryId, what: 'The checkpoint that sealed this entry is missing' } : null
}

export interface Waiting {
  readonly count: number
  readonly checked: number
  readonly problem: AuditProblem | null
}

export async function walkUnsealed(tx: Tx, organizationId: string, countOnly: boolean): Promise<Waiting> {
  const unsealed = sql`from audit.entry e where e.organization_id = ${organizationId}
    and not exists (select from audit.sealed s where s.organization_id = e.organization_id and s.entry_id = e.id)`
  const counted = await sql<{ count: number }>`select count(*) as count ${unsealed}`.execute(tx)
  const count = counted.rows[0]?.count ?? 0
  let checked = 0
  let after = '00000000-0000-0000-0000-000000000000'
  while (!countOnly && checked < count) {
    const result = await sql<EntryRow & { lost: boolean }>`
      select ${COLUMNS}, ${LOST} as lost ${unsealed} and e.id > ${after} order by e.id limit ${BATCH}`.execute(tx)
    for (const row of result.rows) {
      checked++
      const what = entryProblem(row.body, { id: row.id, leaf: row.leaf, columns: columnsOf(row, organizationId) }, organizationId)
      if (what) return { count, checked, problem: { seq: null, id: row.id, what } }
      if (row.lost)
        return {
          count,
          checked,
          problem: {
            seq: null,
            id: row.id,
            what: 'The entry was put in or given another transaction number afterwards: it can never be sealed',
          },
        }
      after = row.id
    }
    if (result.rows.length < BATCH) break
  }
  return { count, checked, problem: null }
}

/** The sealer passes over rows below its floor, and rows of the future. While the floor lies above xmin (after a restore) it takes all. */
const LOST = sql`coalesce((
  select c.floor <= pg_snapshot_xmin(pg_current_snapshot()) and (e.xid < c.floor or e.xid >= pg_snapshot_xmax(pg_current_snapshot()))
  from audit.checkpoint c where c.organization_id = e.organization_id order by c.size desc limit 1), false)`
