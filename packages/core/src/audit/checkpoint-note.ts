import { hash, verify } from 'node:crypto'

import type { SigningKey } from './signing-key.ts'
import { publicKeyObject } from './signing-key.ts'

/** What a checkpoint says: the log `origin` had `size` entries, and this is the root of their tree. */
export interface CheckpointClaim {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
}

const MAX_NOTE = 4000
const ED25519 = 0x01
const CHECKPOINT = /^([^\s+]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/
const SIGNATURE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/

/** The name of an organization's log, in its checkpoints and its key. */
export function originOf(organizationId: string): string {
  return `gonio/audit/${organizationId}`
}

/** A c2sp.org/tlog-checkpoint in a c2sp.org/signed-note: verifiable by any tool of those specifications. */
export function signCheckpoint(claim: CheckpointClaim, key: SigningKey): string {
  const text = `${claim.origin}\n${claim.size}\n${claim.root.toString('base64')}\n`
  const signature = Buffer.concat([keyId(claim.origin, key.publicKey), key.sign(text)])
  return `${text}\n— ${claim.origin} ${signature.toString('base64')}\n`
}

/** The verifier key as other tools read it: `<name>+<key id>+<key>`. */
export function verifierKeyOf(origin: string, publicKey: Uint8Array): string {
  return `${origin}+${keyId(origin, publicKey).toString('hex')}+${Buffer.concat([Buffer.of(ED25519), publicKey]).toString('base64')}`
}

/** What the note says when `publicKey` signed it under the name `origin`; undefined when it is anything else. */
export function openCheckpoint(note: string, origin: string, publicKey: Uint8Array): CheckpointClaim | undefined {
  const text = openNote(note, origin, publicKey)
  const parts = text === undefined ? null : CHECKPOINT.exec(text)
  if (!parts || parts[1] !== origin) return undefined
  return { origin, size: Number(parts[2]), root: Buffer.from(parts[3] ?? '', 'base64') }
}

/** The text of a signed note, or undefined. Signatures of unknown keys (witnesses) are passed over, as the specification asks. */
export function openNote(note: string, name: string, publicKey: Uint8Array): string | undefined {
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || note.length > MAX_NOTE || !note.endsWith('\n')) return undefined
  const text = note.slice(0, end + 1)
  const id = keyId(name, publicKey)
  const key = publicKeyObject(publicKey)
  let signed = false
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const parts = SIGNATURE.exec(line)
    if (!parts) return undefined
    const signature = Buffer.from(parts[2] ?? '', 'base64')
    if (parts[1] !== name || !signature.subarray(0, 4).equals(id)) continue
    if (!verify(null, Buffer.from(text, 'utf8'), key, signature.subarray(4))) return undefined
    signed = true
  }
  return signed ? text : undefined
}

/** c2sp.org/signed-note, "Ed25519 signatures". */
function keyId(name: string, publicKey: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Buffer.of(ED25519), publicKey]), 'buffer').subarray(0, 4)
}
