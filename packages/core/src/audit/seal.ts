import { Defect } from '@gonio/sdk'
import { sql } from 'kysely'

import type { Clock } from '../clock.ts'
import { transact } from '../db/index.ts'
import type { Db, Tx } from '../db/index.ts'
import { openCheckpoint, originOf, signCheckpoint } from './checkpoint-note.ts'
import type { SigningKey } from './signing-key.ts'
import { appendLeaf, decodeEdge, emptyEdge, encodeEdge, rootOf } from './tree.ts'
import type { TreeEdge, TreeNode } from './tree.ts'

/** A signed tree head. Its `note` is the anchor: keep copies where the database's operator cannot reach them. */
export interface Checkpoint {
  readonly organizationId: string
  readonly size: number
  readonly root: Buffer
  readonly note: string
  readonly createdAt: string
  /** Entries that this seal added. When it equals the batch limit, more may wait: seal again. */
  readonly added: number
}

interface State {
  readonly edge: TreeEdge
  /** Every visible entry with a smaller xid is sealed. */
  readonly floor: string
}

interface Waiting {
  readonly id: string
  readonly leaf: Buffer
  readonly xid: string
  readonly xmin: string
}

const BATCH = 20_000
/** Any constant: the first half of the advisory lock's key; the second is the organization. */
const LOCK = 7_214_002

/**
 * Gives every entry whose transaction has certainly ended its place in the organization's tree, and signs the new root.
 * Safe to call anywhere at any time: one sealer works, the others answer null, as when nothing waits.
 *
 * @throws Defect when the last checkpoint is not the one this key signed; run `verifyAudit` then
 */
export function sealEntries(db: Db, organizationId: string, key: SigningKey, clock: Clock, limit = BATCH): Promise<Checkpoint | null> {
  return transact(db, organizationId, async (tx) => {
    const lock = await sql<{ won: boolean }>`select pg_try_advisory_xact_lock(${LOCK}, hashtext(${organizationId})) as won`.execute(tx)
    if (lock.rows[0]?.won !== true) return null
    const state = await readState(tx, organizationId, key)
    const { waiting, behind } = await findWaiting(tx, organizationId, state.floor, limit)
    const last = waiting.at(-1)
    if (!last) return null
    const floor = waiting.length < limit ? last.xmin : behind ? state.floor : last.xid
    return writeSeal(tx, { organizationId, state, waiting, floor }, key, clock)
  })
}

async function readState(tx: Tx, organizationId: string, key: SigningKey): Promise<State> {
  const last = await tx
    .selectFrom('audit.checkpoint')
    .select(['size', 'root', 'note', 'edge', 'floor'])
    .where('organizationId', '=', organizationId)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!last) return { edge: emptyEdge(), floor: '0' }
  const edge = decodeEdge(last.size, last.edge)
  const claim = openCheckpoint(last.note, originOf(organizationId), key.publicKey)
  // Building on a forged head would sign the forgery.
  if (!edge || !claim || claim.size !== last.size || !claim.root.equals(rootOf(edge))) {
    throw new Defect(`The last audit checkpoint of organization ${organizationId} (size ${last.size}) is not the one that was signed`)
  }
  return { edge, floor: last.floor }
}

/**
 * Entries in commit-safe order. A row whose xid is below xmin belongs to a transaction that has ended, so nothing can appear before it
 * any more; an id or a time would not tell, because a transaction may commit long after it wrote.
 */
async function findWaiting(
  tx: Tx,
  organizationId: string,
  floor: string,
  limit: number,
): Promise<{ waiting: readonly Waiting[]; behind: boolean }> {
  const counter = await sql<{ behind: boolean }>`select ${floor}::xid8 > pg_snapshot_xmin(pg_current_snapshot()) as behind`.execute(tx)
  const behind = counter.rows[0]?.behind === true
  // After a restore into a new server its transaction counter may lie below the old rows' numbers. A visible row at or above xmax was
  // then written by the old server and is final.
  const ended = behind
    ? sql`(e.xid < pg_snapshot_xmin(pg_current_snapshot()) or e.xid >= pg_snapshot_xmax(pg_current_snapshot()))`
    : sql`e.xid >= ${floor}::xid8 and e.xid < pg_snapshot_xmin(pg_current_snapshot())`
  const result = await sql<Waiting>`
    select e.id, e.leaf, e.xid::text as xid, pg_snapshot_xmin(pg_current_snapshot())::text as xmin
    from audit.entry e
    where e.organization_id = ${organizationId} and ${ended}
      and not exists (select from audit.sealed s where s.organization_id = e.organization_id and s.entry_id = e.id)
    order by e.xid, e.id
    limit ${limit}`.execute(tx)
  return { waiting: result.rows, behind }
}

interface Seal {
  readonly organizationId: string
  readonly state: State
  readonly waiting: readonly Waiting[]
  readonly floor: string
}

async function writeSeal(tx: Tx, { organizationId, state, waiting, floor }: Seal, key: SigningKey, clock: Clock): Promise<Checkpoint> {
  const { edge } = state
  const first = edge.size
  const nodes: TreeNode[] = waiting.flatMap((entry) => appendLeaf(edge, entry.leaf))
  await sql`
    insert into audit.sealed (organization_id, seq, entry_id, leaf)
    select ${organizationId}::uuid, ${first}::bigint + place - 1, id, leaf
    from unnest(${waiting.map((entry) => entry.id)}::uuid[], ${waiting.map((entry) => entry.leaf)}::bytea[]) with ordinality as new (id, leaf, place)`.execute(
    tx,
  )
  if (nodes.length > 0)
    await tx
      .insertInto('audit.node')
      .values(nodes.map((node) => ({ organizationId, ...node })))
      .execute()
  const root = rootOf(edge)
  const note = signCheckpoint({ origin: originOf(organizationId), size: edge.size, root }, key)
  const createdAt = clock.now().toISOString()
  await tx
    .insertInto('audit.checkpoint')
    .values({ organizationId, size: edge.size, root, note, edge: encodeEdge(edge), floor, createdAt })
    .execute()
  return { organizationId, size: edge.size, root, note, createdAt, added: waiting.length }
}
