import canonicalize from 'canonicalize'

import { openCheckpoint } from './checkpoint-note.ts'
import { encodeBody } from './entry.ts'
import type { EntryBody } from './entry.ts'
import { appendLeaf, emptyEdge, encodeEdge, hashLeaf, rootOf } from './tree.ts'
import type { TreeEdge, TreeNode } from './tree.ts'

/** The first thing found wrong. `seq` is the place in the tree, null for an entry that has none yet; `id` the entry, when one can be named. */
export interface AuditProblem {
  readonly seq: number | null
  readonly id: string | null
  readonly what: string
}

/** An entry at its place, as a database or an export shows it. What a source does not have is left out. */
export interface PlacedEntry {
  readonly seq: number
  readonly id: string
  /** Undefined when the row is gone. */
  readonly body: Buffer | undefined
  readonly leaf?: Buffer | undefined
  readonly sealedLeaf?: Buffer | undefined
  readonly columns?: EntryBody | undefined
  /** Commit order; helps to name a moved entry. */
  readonly xid?: string | null
}

export interface PlacedCheckpoint {
  readonly size: number
  readonly note: string
  readonly root?: Buffer
  readonly edge?: Buffer
}

/** A walk over a log from its first entry: pure, so that a database and an offline export are judged by the same code. */
export interface LogCheck {
  readonly origin: string
  readonly organizationId: string
  readonly publicKey: Uint8Array
  readonly edge: TreeEdge
  /** The size up to which a signed checkpoint agreed. */
  proven: number
  /** Since then: the first entry, and the first that stands out of the order of commits. */
  first: { seq: number; id: string } | undefined
  moved: { seq: number; id: string } | undefined
  previous: { xid: bigint; id: string } | undefined
}

export function startCheck(origin: string, organizationId: string, publicKey: Uint8Array): LogCheck {
  return { origin, organizationId, publicKey, edge: emptyEdge(), proven: 0, first: undefined, moved: undefined, previous: undefined }
}

/** Checks one entry and adds it to the tree; `nodes` are the stored subtrees that it completed. */
export function takeEntry(check: LogCheck, entry: PlacedEntry): { problem: AuditProblem | null; nodes: readonly TreeNode[] } {
  const { seq, id } = entry
  const bad = (what: string) => ({ problem: { seq, id, what }, nodes: [] })
  if (seq !== check.edge.size)
    return { problem: { seq: check.edge.size, id: null, what: `The entry at place ${check.edge.size} is missing` }, nodes: [] }
  if (entry.body === undefined) return bad('The entry was deleted')
  const problem = entryProblem(entry.body, entry, check.organizationId)
  if (problem) return bad(problem)
  noteOrder(check, entry)
  return { problem: null, nodes: appendLeaf(check.edge, entry.sealedLeaf ?? hashLeaf(entry.body)) }
}

/** What is wrong with an entry by itself: its hashes, and its columns against what was hashed. */
export function entryProblem(body: Buffer, entry: Omit<PlacedEntry, 'seq' | 'body'>, organizationId: string): string | null {
  const leaf = hashLeaf(body)
  const sealed = entry.sealedLeaf ?? leaf
  const stored = entry.leaf ?? leaf
  if (!leaf.equals(sealed)) {
    if (stored.equals(sealed)) return 'The body of the entry was changed'
    if (stored.equals(leaf)) return 'Another entry was sealed at this place: the entry was replaced or moved'
    return 'The body and the hash of the entry were changed'
  }
  if (!stored.equals(leaf)) return 'The hash of the entry does not match its body'
  if (entry.columns) return encodeBody(entry.columns).equals(body) ? null : columnProblem(body, entry.columns)
  const read = readBody(body)
  if (read?.id !== entry.id || read.organizationId !== organizationId) return 'The body belongs to another entry or organization'
  return null
}

function columnProblem(body: Buffer, columns: EntryBody): string {
  const read = readBody(body)
  if (!read) return 'The body of the entry is not readable'
  const differing = Object.entries(columns).filter(([name, value]) => canonicalize(value) !== canonicalize(read[name]))
  return `The entry was changed: ${differing.map(([name]) => name).join(', ') || 'its body'} differs from what was hashed`
}

function readBody(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function noteOrder(check: LogCheck, { seq, id, xid }: PlacedEntry): void {
  check.first ??= { seq, id }
  if (xid === undefined || xid === null) return
  const here = { xid: BigInt(xid), id }
  const before = check.previous
  // Of two exchanged entries the first stands just before the break.
  if (before && (before.xid > here.xid || (before.xid === here.xid && before.id > here.id))) check.moved ??= { seq: seq - 1, id: before.id }
  check.previous = here
}

/** Checks a checkpoint whose size the walk has just reached. */
export function takeCheckpoint(check: LogCheck, checkpoint: PlacedCheckpoint): AuditProblem | null {
  const at = { seq: checkpoint.size - 1, id: null }
  const signed = signatureProblem(check, checkpoint)
  if (signed) return { ...at, what: signed }
  const root = rootOf(check.edge)
  if (!openCheckpoint(checkpoint.note, check.origin, check.publicKey)?.root.equals(root)) return treeProblem(check)
  if (checkpoint.edge && !checkpoint.edge.equals(encodeEdge(check.edge)))
    return { ...at, what: `The stored edge of the checkpoint of size ${checkpoint.size} was changed` }
  check.proven = check.edge.size
  check.first = undefined
  check.moved = undefined
  return null
}

/** What is wrong with a checkpoint before its tree is looked at. */
export function signatureProblem(check: Pick<LogCheck, 'origin' | 'publicKey'>, checkpoint: PlacedCheckpoint): string | null {
  const claim = openCheckpoint(checkpoint.note, check.origin, check.publicKey)
  if (!claim) return `The checkpoint of size ${checkpoint.size} was not signed by this log's key`
  if (claim.size !== checkpoint.size || (checkpoint.root && !claim.root.equals(checkpoint.root))) {
    return `The checkpoint of size ${checkpoint.size} says something else than its signed note`
  }
  return null
}

/** Every entry agrees with its own hashes, but the signed root does not: hashes were rewritten too, or places were exchanged. */
function treeProblem(check: LogCheck): AuditProblem {
  const last = check.edge.size - 1
  if (check.moved) return { ...check.moved, what: `The order of the entries ${check.proven} to ${last} was changed` }
  const range = check.proven === last ? `The entry ${last}` : `An entry from ${check.proven} to ${last}`
  return { seq: check.first?.seq ?? check.proven, id: check.first?.id ?? null, what: `${range} was replaced together with its hashes` }
}
