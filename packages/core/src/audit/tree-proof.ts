import { EMPTY_ROOT, hashNode } from './tree.ts'

/** A run of leaves, `start` included, `end` not. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** RFC 6962 section 2.1.1, PATH(m, D[n]): the subtrees beside the way from a leaf up to the root, lowest first. */
export function inclusionRanges(seq: number, size: number): readonly Range[] {
  const ranges: Range[] = []
  let here: Range = { start: 0, end: size }
  while (here.end - here.start > 1) {
    const middle = here.start + splitOf(here.end - here.start)
    const left = { start: here.start, end: middle }
    const right = { start: middle, end: here.end }
    ranges.push(seq < middle ? right : left)
    here = seq < middle ? left : right
  }
  return ranges.toReversed()
}

/** RFC 6962 section 2.1.2, PROOF(m, D[n]): what shows that the tree of `from` leaves is the start of the tree of `to` leaves. */
export function consistencyRanges(from: number, to: number): readonly Range[] {
  if (from === 0 || from === to) return []
  const ranges: Range[] = []
  let here: Range = { start: 0, end: to }
  while (here.end !== from) {
    const middle = here.start + splitOf(here.end - here.start)
    const left = { start: here.start, end: middle }
    const right = { start: middle, end: here.end }
    ranges.push(from <= middle ? right : left)
    here = from <= middle ? left : right
  }
  // The old tree itself is known to the verifier; any other subtree has to be named.
  if (here.start !== 0) ranges.push(here)
  return ranges.toReversed()
}

/** The complete subtrees that make up a range of a proof, largest first; the last may be followed by smaller ones at the right edge. */
export function subtreesOf(range: Range): readonly { readonly level: number; readonly index: number }[] {
  const subtrees: { level: number; index: number }[] = []
  let start = range.start
  while (start < range.end) {
    const level = Math.floor(Math.log2(range.end - start))
    subtrees.push({ level, index: start / 2 ** level })
    start += 2 ** level
  }
  return subtrees
}

export function foldSubtrees(hashes: readonly Buffer[]): Buffer {
  return hashes.reduceRight<Buffer | undefined>((right, left) => (right ? hashNode(left, right) : left), undefined) ?? EMPTY_ROOT
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1)
}

export interface InclusionClaim {
  readonly seq: number
  readonly size: number
  readonly leaf: Uint8Array
  readonly path: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** RFC 9162 section 2.1.3.2. Needs nothing but its arguments, so an auditor can run it anywhere. */
export function verifyInclusion(claim: InclusionClaim): boolean {
  if (!isPlace(claim.seq) || !isPlace(claim.size) || claim.seq >= claim.size) return false
  let node = claim.seq
  let last = claim.size - 1
  let root: Buffer = Buffer.from(claim.leaf)
  for (const sibling of claim.path) {
    if (last === 0 || sibling.length !== 32) return false
    if (node % 2 === 1 || node === last) {
      root = hashNode(sibling, root)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      root = hashNode(root, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && root.equals(claim.root)
}

export interface ConsistencyClaim {
  readonly from: { readonly size: number; readonly root: Uint8Array }
  readonly to: { readonly size: number; readonly root: Uint8Array }
  readonly path: readonly Uint8Array[]
}

/** RFC 9162 section 2.1.4.2: true when the later tree only added to the earlier one. */
export function verifyConsistency({ from, to, path }: ConsistencyClaim): boolean {
  if (!isPlace(from.size) || !isPlace(to.size) || from.size > to.size) return false
  if (path.some((node) => node.length !== 32)) return false
  if (from.size === to.size) return path.length === 0 && Buffer.from(from.root).equals(to.root)
  if (from.size === 0) return path.length === 0 && EMPTY_ROOT.equals(from.root)
  // A complete old tree is itself the first node of the path.
  const nodes = Number.isInteger(Math.log2(from.size)) ? [from.root, ...path] : path
  let node = from.size - 1
  let last = to.size - 1
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  const [first, ...rest] = nodes
  if (!first) return false
  let oldRoot: Buffer = Buffer.from(first)
  let newRoot: Buffer = oldRoot
  for (const sibling of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      oldRoot = hashNode(sibling, oldRoot)
      newRoot = hashNode(sibling, newRoot)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      newRoot = hashNode(newRoot, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && oldRoot.equals(from.root) && newRoot.equals(to.root)
}

function isPlace(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function half(value: number): number {
  return Math.floor(value / 2)
}
