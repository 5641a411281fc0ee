import { sql } from 'kysely'

import { readOnly } from '../db/index.ts'
import type { Db, Tx } from '../db/index.ts'
import { openCheckpoint, originOf } from './checkpoint-note.ts'
import type { EntryBody } from './entry.ts'
import { entryProblem, signatureProblem, startCheck, takeCheckpoint, takeEntry } from './log-check.ts'
import type { AuditProblem, LogCheck, PlacedCheckpoint, PlacedEntry } from './log-check.ts'
import type { Detail } from './tables.ts'
import { rootOf, STORED_LEVELS } from './tree.ts'
import type { TreeNode } from './tree.ts'

export interface AuditReport {
  readonly ok: boolean
  /** Entries looked at, sealed or not, up to the first problem. */
  readonly checked: number
  /** Sealed entries, and the base64 root of their tree. */
  readonly size: number
  readonly root: string
  /** Entries that wait for the next seal: until then a superuser could change them unnoticed. */
  readonly unsealed: number
  readonly problem: AuditProblem | null
  readonly at: string
}

export interface VerifyOptions {
  /** Notes of earlier checkpoints kept outside of the database: only they show that a whole tail with its checkpoints was cut off. */
  readonly anchors?: readonly string[]
}

const BATCH = 8192

/**
 * Reads the whole log of an organization and recomputes everything: each leaf from its body, each column against the body, the tree
 * against every checkpoint, every signature, the stored inner nodes, and the entries that are not sealed yet.
 */
export function verifyAudit(db: Db, organizationId: string, publicKey: Uint8Array, options: VerifyOptions = {}): Promise<AuditReport> {
  return readOnly(db, organizationId, async (tx) => {
    const head = await readHead(tx, organizationId)
    const check = startCheck(originOf(organizationId), organizationId, publicKey)
    const anchors = readAnchors(check, options.anchors ?? [])
    const sealed = anchors.problem ?? headProblem(check, head, anchors.checkpoints) ?? (await walkSealed(tx, check, head?.size ?? 0, anchors.checkpoints))
    const beyond = sealed ?? (await findBeyond(tx, organizationId))
    const waiting = await walkUnsealed(tx, organizationId, beyond !== null)
    const problem = beyond ?? waiting.problem
    const now = await sql<{ at: string }>`select now() as at`.execute(tx)
    return {
      ok: problem === null,
      checked: check.edge.size + waiting.checked,
      size: check.edge.size,
      root: rootOf(check.edge).toString('base64'),
      unsealed: waiting.count,
      problem,
      at: now.rows[0]?.at ?? '',
    }
  })
}

interface Head extends PlacedCheckpoint {
  readonly floor: string
}

function readHead(tx: Tx, organizationId: string): Promise<Head | undefined> {
  return tx
    .selectFrom('audit.checkpoint')
    .select(['size', 'note', 'root', 'edge', 'floor'])
    .where('organizationId', '=', organizationId)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
}

function readAnchors(check: LogCheck, notes: readonly string[]): { checkpoints: readonly PlacedCheckpoint[]; problem: AuditProblem | null } {
  const checkpoints = notes.map((note) => ({ note, size: openCheckpoint(note, check.origin, check.publicKey)?.size ?? 0 }))
  const foreign = checkpoints.some((checkpoint) => checkpoint.size === 0)
  return { checkpoints, problem: foreign ? { seq: null, id: null, what: 'A kept checkpoint was not signed by the key of this log' } : null }
}

/** The head is judged first: a forged one would make every count wrong. */
function headProblem(check: LogCheck, head: Head | undefined, anchors: readonly PlacedCheckpoint[]): AuditProblem | null {
  const forged = head ? signatureProblem(check, head) : null
  if (head && forged) return { seq: head.size - 1, id: null, what: forged }
  const size = head?.size ?? 0
  const kept = Math.max(0, ...anchors.map((anchor) => anchor.size))
  return kept > size ? { seq: size, id: null, what: `The log ends at ${size} entries, but a kept checkpoint proves ${kept}: its tail was cut off` } : null
}

async function walkSealed(tx: Tx, check: LogCheck, size: number, anchors: readonly PlacedCheckpoint[]): Promise<AuditProblem | null> {
  while (check.edge.size < size) {
    const from = check.edge.size
    const to = Math.min(from + BATCH, size)
    const entries = await readPlaced(tx, check.organizationId, from, to)
    const checkpoints = [...(await readCheckpoints(tx, check.organizationId, from, to)), ...anchors.filter((anchor) => anchor.size > from && anchor.size <= to)]
    const nodes = await readNodes(tx, check.organizationId, from, to)
    const problem = walkBatch(check, to, { entries, nodes, checkpoints: Map.groupBy(checkpoints, (checkpoint) => checkpoint.size) })
    if (problem) return problem
  }
  return null
}

interface Batch {
  readonly entries: readonly PlacedEntry[]
  readonly nodes: ReadonlyMap<string, Buffer>
  readonly checkpoints: ReadonlyMap<number, readonly PlacedCheckpoint[]>
}

function walkBatch(check: LogCheck, to: number, batch: Batch): AuditProblem | null {
  // A stored node that differs is told only when no checkpoint tells more; the roots decide who is right.
  let suspect: AuditProblem | null = null
  for (const entry of batch.entries) {
    const { problem, nodes } = takeEntry(check, entry)
    if (problem) return problem
    suspect ??= nodeProblem(nodes, batch.nodes)
    for (const checkpoint of batch.checkpoints.get(check.edge.size) ?? []) {
      const wrong = takeCheckpoint(check, checkpoint)
      if (wrong) return wrong
    }
  }
  if (check.edge.size < to) return { seq: check.edge.size, id: null, what: `The entry at place ${check.edge.size} is missing` }
  return suspect
}

function nodeProblem(computed: readonly TreeNode[], stored: ReadonlyMap<string, Buffer>): AuditProblem | null {
  const wrong = computed.find((node) => !stored.get(`${node.level}/${node.index}`)?.equals(node.hash))
  return wrong ? { seq: wrong.index * 2 ** wrong.level, id: null, what: `The stored hash of ${2 ** wrong.level} entries from this place on is missing or was changed` } : null
}

interface EntryRow {
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
const COLUMNS = sql`e.actor_kind, e.actor_id, e.action, e.causation_id, e.correlation_id, e.detail, e.id, e.refs, e.body, e.leaf, e.xid::text as xid,
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

function columnsOf(row: EntryRow, organizationId: string): EntryBody {
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
          when.and([when('level', '=', level), when('index', '>=', Math.floor(from / 2 ** level)), when('index', '<', Math.floor(to / 2 ** level))]),
        ),
      ),
    )
    .execute()
  return new Map(rows.map((row) => [`${row.level}/${row.index}`, row.hash]))
}

/** A seal and its checkpoint are committed together, so nothing may be sealed beyond the last one. */
async function findBeyond(tx: Tx, organizationId: string): Promise<AuditProblem | null> {
  const result = await sql<{ seq: number; entryId: string }>`
    select seq, entry_id from audit.sealed
    where organization_id = ${organizationId}
      and seq >= (select coalesce(max(size), 0) from audit.checkpoint where organization_id = ${organizationId})
    order by seq limit 1`.execute(tx)
  const row = result.rows[0]
  return row ? { seq: row.seq, id: row.entryId, what: 'The checkpoint that sealed this entry is missing' } : null
}

interface Waiting {
  readonly count: number
  readonly checked: number
  readonly problem: AuditProblem | null
}

async function walkUnsealed(tx: Tx, organizationId: string, countOnly: boolean): Promise<Waiting> {
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
      if (row.lost) return { count, checked, problem: { seq: null, id: row.id, what: 'The entry was put in or given another transaction number afterwards: it can never be sealed' } }
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
