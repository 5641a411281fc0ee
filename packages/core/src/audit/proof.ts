import { Refusal } from '@gonio/sdk'

import type { Tx } from '../db/index.ts'
import { originOf } from './checkpoint-note.ts'
import { consistencyRanges, foldSubtrees, inclusionRanges, subtreesOf } from './tree-proof.ts'
import type { Range } from './tree-proof.ts'
import { appendLeaf, emptyEdge, rootOf, STORED_LEVELS } from './tree.ts'

export interface InclusionProof {
  readonly seq: number
  readonly size: number
  readonly leaf: Buffer
  readonly path: readonly Buffer[]
  readonly root: Buffer
  /** The signed checkpoint that the path leads to. */
  readonly note: string
  /** All of it as a c2sp.org/tlog-proof file, `<name>.tlog-proof`. */
  readonly text: string
}

export interface ConsistencyProof {
  readonly from: { readonly size: number; readonly root: Buffer; readonly note: string }
  readonly to: { readonly size: number; readonly root: Buffer; readonly note: string }
  readonly path: readonly Buffer[]
}

/**
 * Shows that an entry is in the log, to anyone who holds the public key and the entry's body.
 *
 * @throws Refusal `not-found` for an unknown entry, `wrong-state` for one that is not sealed yet
 */
export async function inclusionProof(tx: Tx, organizationId: string, entryId: string): Promise<InclusionProof> {
  const entry = await tx
    .selectFrom('audit.entry')
    .select('id')
    .where('organizationId', '=', organizationId)
    .where('id', '=', entryId)
    .executeTakeFirst()
  if (!entry) throw new Refusal('not-found', 'There is no audit entry with this id.', { entryId })
  const place = await tx
    .selectFrom('audit.sealed')
    .select(['seq', 'leaf'])
    .where('organizationId', '=', organizationId)
    .where('entryId', '=', entryId)
    .executeTakeFirst()
  if (!place) throw new Refusal('wrong-state', 'This audit entry is not sealed yet. Ask again in a few seconds.', { entryId })
  const { size, root, note } = await readCheckpoint(tx, organizationId, undefined)
  const path = await resolve(tx, organizationId, inclusionRanges(place.seq, size))
  const text = ['c2sp.org/tlog-proof@v1', `index ${place.seq}`, ...path.map((node) => node.toString('base64')), '', note].join('\n')
  return { seq: place.seq, size, leaf: place.leaf, path, root, note, text }
}

/**
 * Shows that the log of `toSize` entries only added to the log of `fromSize`; both sizes must be those of checkpoints.
 *
 * @throws Refusal `not-found` when there is no checkpoint of that size, `invalid-input` when the sizes are in the wrong order
 */
export async function consistencyProof(tx: Tx, organizationId: string, fromSize: number, toSize?: number): Promise<ConsistencyProof> {
  const from = await readCheckpoint(tx, organizationId, fromSize)
  const to = await readCheckpoint(tx, organizationId, toSize)
  if (from.size > to.size)
    throw new Refusal('invalid-input', 'The first size must not be larger than the second.', { fromSize, toSize: to.size })
  return { from, to, path: await resolve(tx, organizationId, consistencyRanges(from.size, to.size)) }
}

async function readCheckpoint(tx: Tx, organizationId: string, size: number | undefined) {
  const query = tx.selectFrom('audit.checkpoint').select(['size', 'root', 'note']).where('organizationId', '=', organizationId)
  const row = await (size === undefined ? query.orderBy('size', 'desc').limit(1) : query.where('size', '=', size)).executeTakeFirst()
  if (!row)
    throw new Refusal(
      'not-found',
      `The log ${originOf(organizationId)} has no checkpoint of this size.`,
      size === undefined ? {} : { size },
    )
  return row
}

/** At most one query per subtree, and a tree of any real size has fewer than 50 beside one path. */
async function resolve(tx: Tx, organizationId: string, ranges: readonly Range[]): Promise<readonly Buffer[]> {
  const path: Buffer[] = []
  for (const range of ranges) {
    const hashes: Buffer[] = []
    for (const { level, index } of subtreesOf(range)) hashes.push(await readSubtree(tx, organizationId, level, index))
    path.push(foldSubtrees(hashes))
  }
  return path
}

async function readSubtree(tx: Tx, organizationId: string, level: number, index: number): Promise<Buffer> {
  const stored = STORED_LEVELS.findLast((candidate) => candidate <= level) ?? 0
  const count = 2 ** (level - stored)
  const first = index * count
  const rows =
    stored === 0
      ? await tx
          .selectFrom('audit.sealed')
          .select('leaf as hash')
          .where('organizationId', '=', organizationId)
          .where('seq', '>=', first)
          .where('seq', '<', first + count)
          .orderBy('seq')
          .execute()
      : await tx
          .selectFrom('audit.node')
          .select('hash')
          .where('organizationId', '=', organizationId)
          .where('level', '=', stored)
          .where('index', '>=', first)
          .where('index', '<', first + count)
          .orderBy('index')
          .execute()
  if (rows.length !== count)
    throw new Refusal('wrong-state', 'The audit log is damaged: a part of its tree is missing. Run `gonio verify-audit`.', { level, index })
  const edge = emptyEdge()
  for (const { hash } of rows) appendLeaf(edge, hash)
  return rootOf(edge)
}
