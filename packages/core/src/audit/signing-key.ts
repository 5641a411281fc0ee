import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Refusal } from '@gonio/sdk'

/** The Ed25519 key that signs checkpoints. It lives outside the database: who can change rows cannot sign for them. */
export interface SigningKey {
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Buffer
  sign(text: string): Buffer
}

const FILE = 'audit-signing-key.pem'
/** Fixed DER headers of an Ed25519 key, RFC 8410 section 7 and 4; the 32 bytes of the key follow. */
const PRIVATE_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_HEADER = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Loads the key of this installation. A folder: from its file `audit-signing-key.pem`, made at the first call (mode 0600; processes
 * that start at once agree on one). Bytes: the 32-byte seed itself, for keys that come from elsewhere.
 *
 * @throws Refusal `wrong-state` when the file holds something else; a new key would cut the log from its past, so none is made
 */
export async function loadSigningKey(from: string | Uint8Array): Promise<SigningKey> {
  if (typeof from !== 'string')
    return fromPrivate(createPrivateKey({ key: Buffer.concat([PRIVATE_HEADER, from]), format: 'der', type: 'pkcs8' }))
  const path = join(from, FILE)
  const pem = (await readIfThere(path)) ?? (await createKey(from, path))
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return fromPrivate(key)
  } catch {
    // told below
  }
  throw new Refusal(
    'wrong-state',
    `The file ${FILE} of the secrets folder is not an Ed25519 key. Restore it from the backup of the secrets.`,
  )
}

/** The public half from its 32 bytes, as an auditor has it. */
export function publicKeyObject(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_HEADER, publicKey]), format: 'der', type: 'spki' })
}

function fromPrivate(key: KeyObject): SigningKey {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return { publicKey: der.subarray(PUBLIC_HEADER.length), sign: (text) => sign(null, Buffer.from(text, 'utf8'), key) }
}

async function createKey(directory: string, path: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, pem, { mode: 0o600, flag: 'wx', flush: true })
  try {
    // A link fails when another process was first, and never shows half a file.
    await link(draft, path)
    await chmod(path, 0o600)
    return pem
  } catch (error) {
    const first = await readIfThere(path)
    if (first === undefined) throw error
    return first
  } finally {
    await unlink(draft)
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
