import { sql } from 'kysely'

import type { Tx } from '../db/index.ts'
import type { EntryBody } from './entry.ts'
import type { PlacedCheckpoint, PlacedEntry } from './log-check.ts'
import type { Detail } from './tables.ts'
import { STORED_LEVELS } from './tree.ts'

export interface Head extends PlacedCheckpoint {
  readonly floor: string
}

export function readHead(tx: Tx, organizationId: string): Promise<Head | undefined> {
  return tx
    .selectFrom('audit.checkpoint')
    .select(['size', 'note', 'root', 'edge', 'floor'])
    .where('organizationId', '=', organizationId)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export interface Batch {
  readonly to: number
  readonly entries: readonly PlacedEntry[]
  readonly nodes: ReadonlyMap<string, Buffer>
  readonly checkpoints: ReadonlyMap<number, readonly PlacedCheckpoint[]>
}

export async function readBatch(
  tx: Tx,
  organizationId: string,
  from: number,
  to: number,
  anchors: readonly PlacedCheckpoint[],
): Promise<Batch> {
  const entries = await readPlaced(tx, organizationId, from, to)
  const checkpoints = [
    ...(await readCheckpoints(tx, organizationId, from, to)),
    ...anchors.filter((anchor) => anchor.size > from && anchor.size <= to),
  ]
  const nodes = await readNodes(tx, organizationId, from, to)
  return { to, entries, nodes, checkpoints: Map.groupBy(checkpoints, (checkpoint) => checkpoint.size) }
}

export interface EntryRow {
  readonly actorKind: string
  readonly actorId: string | null
  readonly action: string
  readonly causationId: string | null
  readonly correlationId: string
  readonly detail: Detail
  readonly id: string
  readonly time: string
  readonly refs: EntryBody['refs']
  readonly salt: string
  readonly body: Buffer
  readonly leaf: Buffer
  readonly xid: string
}

/** With microseconds: `occurred_at` moved by less than a millisecond is a change too. */
export const COLUMNS = sql`e.actor_kind, e.actor_id, e.action, e.causation_id, e.correlation_id, e.detail, e.id, e.refs, e.body, e.leaf, e.xid::text as xid,
  encode(e.salt, 'hex') as salt, to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as time`

async function readPlaced(tx: Tx, organizationId: string, from: number, to: number): Promise<readonly PlacedEntry[]> {
  type Row = { seq: number; entryId: string; sealedLeaf: Buffer } & (EntryRow | (Record<keyof EntryRow, null> & { id: null }))
  const result = await sql<Row>`
    select s.seq, s.entry_id, s.leaf as sealed_leaf, ${COLUMNS}
    from audit.sealed s left join audit.entry e on e.organization_id = s.organization_id and e.id = s.entry_id
    where s.organization_id = ${organizationId} and s.seq >= ${from} and s.seq < ${to}
    order by s.seq`.execute(tx)
  return result.rows.map((row) => {
    const place = { seq: row.seq, id: row.entryId, sealedLeaf: row.sealedLeaf }
    if (row.id === null) return { ...place, body: undefined }
    return { ...place, body: row.body, leaf: row.leaf, xid: row.xid, columns: columnsOf(row, organizationId) }
  })
}

export function columnsOf(row: EntryRow, organizationId: string): EntryBody {
  return {
    action: row.action,
    actor: { id: row.actorId, kind: row.actorKind },
    causationId: row.causationId,
    correlationId: row.correlationId,
    detail: row.detail,
    id: row.id,
    occurredAt: row.time.endsWith('000') ? `${row.time.slice(0, -3)}Z` : row.time,
    organizationId,
    refs: row.refs,
    salt: row.salt,
  }
}

function readCheckpoints(tx: Tx, organizationId: string, from: number, to: number): Promise<readonly PlacedCheckpoint[]> {
  return tx
    .selectFrom('audit.checkpoint')
    .select(['size', 'note', 'root', 'edge'])
    .where('organizationId', '=', organizationId)
    .where('size', '>', from)
    .where('size', '<=', to)
    .orderBy('size')
    .execute()
}

async function readNodes(tx: Tx, organizationId: string, from: number, to: number): Promise<ReadonlyMap<string, Buffer>> {
  const rows = await tx
    .selectFrom('audit.node')
    .select(['level', 'index', 'hash'])
    .where('organizationId', '=', organizationId)
    .where((when) =>
      when.or(
        STORED_LEVELS.map((level) =>
          when.and([
            when('level', '=', level),
            when('index', '>=', Math.floor(from / 2 ** level)),
            when('index', '<', Math.floor(to / 2 ** level)),
          ]),
        ),
      ),
    )
    .execute()
  return new Map(rows.map((row) => [`${row.level}/${row.index}`, row.hash]))
}
