import fc from 'fast-check'
import { expect, test } from 'vitest'

import { consistencyRanges, foldSubtrees, inclusionRanges, subtreesOf, verifyConsistency, verifyInclusion } from './tree-proof.ts'
import type { Range } from './tree-proof.ts'
import { appendLeaf, decodeEdge, emptyEdge, encodeEdge, hashLeaf, hashNode, rootOf } from './tree.ts'

/** The leaves and roots that implementations of RFC 6962 test against (first used by Certificate Transparency's own tests). */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leavesOf = (size: number): Buffer[] =>
  Array.from({ length: size }, (_, at) => hashLeaf(Buffer.from(LEAVES[at] ?? `leaf ${at}`, at < LEAVES.length ? 'hex' : 'utf8')))

/** RFC 6962 section 2.1 word for word: the slow definition that everything else must agree with. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  if (leaves.length <= 1) return leaves[0] ?? rootOf(emptyEdge())
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return hashNode(rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)))
}

function edgeOf(leaves: readonly Buffer[]) {
  const edge = emptyEdge()
  for (const leaf of leaves) appendLeaf(edge, leaf)
  return edge
}

const resolve = (leaves: readonly Buffer[], ranges: readonly Range[]): Buffer[] =>
  ranges.map((range) =>
    foldSubtrees(subtreesOf(range).map(({ level, index }) => rootByDefinition(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)))),
  )

test.each(ROOTS.map((root, size) => [size, root] as const))('a tree of %i known leaves has the known root', (size, root) => {
  expect(rootOf(edgeOf(leavesOf(size))).toString('hex')).toBe(root)
})

test('a known inclusion path of the known tree comes out', () => {
  const leaves = leavesOf(8)
  expect(resolve(leaves, inclusionRanges(5, 8)).map((hash) => hash.toString('hex'))).toEqual([
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ])
})

test('a known consistency path of the known tree comes out', () => {
  expect(resolve(leavesOf(8), consistencyRanges(6, 8)).map((hash) => hash.toString('hex'))).toEqual([
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ])
})

test('every size up to 70 agrees with the definition, in root, edge, and every proof', () => {
  for (let size = 0; size <= 70; size++) {
    const leaves = leavesOf(size)
    const edge = edgeOf(leaves)
    const root = rootByDefinition(leaves)
    expect(rootOf(edge).equals(root)).toBe(true)
    expect(decodeEdge(size, encodeEdge(edge))?.hashes.length).toBe(edge.hashes.length)
    expect(rootOf(decodeEdge(size, encodeEdge(edge))!).equals(root)).toBe(true)
    for (let seq = 0; seq < size; seq++) {
      expect(verifyInclusion({ seq, size, leaf: leaves[seq]!, path: resolve(leaves, inclusionRanges(seq, size)), root })).toBe(true)
    }
    for (let from = 0; from <= size; from++) {
      const old = { size: from, root: rootByDefinition(leaves.slice(0, from)) }
      expect(verifyConsistency({ from: old, to: { size, root }, path: resolve(leaves, consistencyRanges(from, size)) })).toBe(true)
    }
  }
})

const flip = (bytes: Uint8Array, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at % copy.length]! ^= 1 << (at % 8)
  return copy
}

test('a proof of random size verifies, and fails after any flipped bit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 600 }), fc.nat(), fc.nat(), fc.nat(), (size, pick, part, at) => {
      const leaves = leavesOf(size)
      const seq = pick % size
      const good = { seq, size, leaf: leaves[seq]!, path: resolve(leaves, inclusionRanges(seq, size)), root: rootByDefinition(leaves) }
      expect(verifyInclusion(good)).toBe(true)
      const hit = part % good.path.length
      expect(verifyInclusion({ ...good, path: good.path.map((node, index) => (index === hit ? flip(node, at) : node)) })).toBe(false)
      expect(verifyInclusion({ ...good, leaf: flip(good.leaf, at) })).toBe(false)
      expect(verifyInclusion({ ...good, root: flip(good.root, at) })).toBe(false)
      expect(verifyInclusion({ ...good, path: good.path.slice(1) })).toBe(false)
      expect(verifyInclusion({ ...good, path: [...good.path, good.root] })).toBe(false)
      expect(verifyInclusion({ ...good, seq: (seq + 1) % size })).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('a consistency proof of random sizes verifies, and fails after any flipped bit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 600 }), fc.nat(), fc.nat(), fc.nat(), (size, pick, part, at) => {
      const leaves = leavesOf(size)
      const from = 1 + (pick % (size - 1))
      const path = resolve(leaves, consistencyRanges(from, size))
      const good = {
        from: { size: from, root: rootByDefinition(leaves.slice(0, from)) },
        to: { size, root: rootByDefinition(leaves) },
        path,
      }
      expect(verifyConsistency(good)).toBe(true)
      const hit = part % path.length
      expect(verifyConsistency({ ...good, path: path.map((node, index) => (index === hit ? flip(node, at) : node)) })).toBe(false)
      expect(verifyConsistency({ ...good, from: { size: from, root: flip(good.from.root, at) } })).toBe(false)
      expect(verifyConsistency({ ...good, to: { size, root: flip(good.to.root, at) } })).toBe(false)
      expect(verifyConsistency({ ...good, path: [] })).toBe(false)
      expect(verifyConsistency({ ...good, path: [...path, good.to.root] })).toBe(false)
      expect(verifyConsistency({ from: good.to, to: good.from, path })).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('a complete subtree of a stored level is handed out once', () => {
  const leaves = leavesOf(700)
  const edge = emptyEdge()
  const nodes = leaves.flatMap((leaf) => appendLeaf(edge, leaf))
  expect(nodes.map(({ level, index }) => [level, index])).toEqual([
    [8, 0],
    [8, 1],
  ])
  expect(nodes[1]?.hash.equals(rootByDefinition(leaves.slice(256, 512)))).toBe(true)
})

test('an edge of the wrong length is refused', () => {
  expect(decodeEdge(3, Buffer.alloc(32))).toBeUndefined()
  expect(decodeEdge(4, Buffer.alloc(64))).toBeUndefined()
})

test('splitting stays exact far beyond 32 bits', () => {
  const size = 2 ** 40 + 1
  expect(inclusionRanges(2 ** 40, size)).toEqual([{ start: 0, end: 2 ** 40 }])
  expect(inclusionRanges(0, size).length).toBe(41)
})
