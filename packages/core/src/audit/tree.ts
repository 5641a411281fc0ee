import { hash } from 'node:crypto'

/** RFC 6962 section 2.1: the leading byte keeps a leaf from passing as an inner node. */
const LEAF_PREFIX = Buffer.of(0)
const NODE_PREFIX = Buffer.of(1)

export function hashLeaf(body: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF_PREFIX, body]), 'buffer')
}

export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE_PREFIX, left, right]), 'buffer')
}
