import { hash } from 'node:crypto'

/** RFC 6962 section 2.1: the leading byte keeps a leaf from passing as an inner node. */
const LEAF_PREFIX = Buffer.of(0)
const NODE_PREFIX = 1

/** Reused, because a verification makes millions of nodes. */
const nodeBytes = Buffer.alloc(65, NODE_PREFIX)

export const EMPTY_ROOT = hash('sha256', '', 'buffer')

export function hashLeaf(body: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF_PREFIX, body]), 'buffer')
}

export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== 32 || right.length !== 32) throw new RangeError('A node is made of two SHA-256 hashes')
  nodeBytes.set(left, 1)
  nodeBytes.set(right, 33)
  return hash('sha256', nodeBytes, 'buffer')
}

/** The hash of a complete subtree: the leaves from `index * 2**level`, `2**level` of them. */
export interface TreeNode {
  readonly level: number
  readonly index: number
  readonly hash: Buffer
}

/** Nodes of these levels are stored: a proof then needs at most 256 hashes per stored level. */
export const STORED_LEVELS: readonly number[] = [8, 16, 24, 32, 40]

/** A growing tree: only its right edge is kept, which is all that appending and the root need. */
export interface TreeEdge {
  size: number
  /** By level; empty where the bit of `size` is 0. */
  readonly hashes: (Buffer | undefined)[]
}

export function emptyEdge(): TreeEdge {
  return { size: 0, hashes: [] }
}

/** Adds a leaf; answers the nodes of stored levels that became complete. */
export function appendLeaf(edge: TreeEdge, leaf: Buffer): readonly TreeNode[] {
  const complete: TreeNode[] = []
  let node = leaf
  let level = 0
  edge.size++
  for (let left = edge.hashes[level]; left !== undefined; left = edge.hashes[level]) {
    node = hashNode(left, node)
    edge.hashes[level] = undefined
    level++
    if (STORED_LEVELS.includes(level)) complete.push({ level, index: edge.size / 2 ** level - 1, hash: node })
  }
  edge.hashes[level] = node
  return complete
}

export function rootOf(edge: TreeEdge): Buffer {
  return (
    edge.hashes.reduce<Buffer | undefined>((right, left) => (left && right ? hashNode(left, right) : (left ?? right)), undefined) ??
    EMPTY_ROOT
  )
}

/** Largest subtree first, as in the column audit.checkpoint.edge. */
export function encodeEdge(edge: TreeEdge): Buffer {
  return Buffer.concat(edge.hashes.filter((node) => node !== undefined).toReversed())
}

/** Undefined when the bytes do not fit the size. */
export function decodeEdge(size: number, bytes: Buffer): TreeEdge | undefined {
  const hashes: (Buffer | undefined)[] = []
  let end = bytes.length
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 0) {
      hashes.push(undefined)
      continue
    }
    hashes.push(Buffer.from(bytes.subarray(end - 32, end)))
    end -= 32
  }
  return end === 0 ? { size, hashes } : undefined
}
