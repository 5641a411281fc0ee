import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openCheckpoint, openNote, originOf, signCheckpoint, verifierKeyOf } from './checkpoint-note.ts'
import { loadSigningKey } from './signing-key.ts'
import { hashLeaf } from './tree.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gonio-key-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const origin = originOf('0193e0a0-0000-7000-8000-000000000001')
const root = hashLeaf(Buffer.from('x'))

test('a note signed by the reference implementation opens', () => {
  // The example in the documentation of golang.org/x/mod/sumdb/note.
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
  const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`
  const publicKey = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1)
  expect(verifierKeyOf('PeterNeumann', publicKey)).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
  expect(openNote(note, 'PeterNeumann', publicKey)).toBe(text)
  expect(openNote(note.replace('cryptography', 'Cryptography'), 'PeterNeumann', publicKey)).toBeUndefined()
})

test('a checkpoint opens with its own key and name only', async () => {
  const key = await loadSigningKey(Buffer.alloc(32, 1))
  const note = signCheckpoint({ origin, size: 7, root }, key)
  expect(note.split('\n').slice(0, 3)).toEqual([origin, '7', root.toString('base64')])
  expect(openCheckpoint(note, origin, key.publicKey)).toEqual({ origin, size: 7, root })
  expect(openCheckpoint(note, originOf('other'), key.publicKey)).toBeUndefined()
  expect(openCheckpoint(note, origin, (await loadSigningKey(Buffer.alloc(32, 2))).publicKey)).toBeUndefined()
})

test('a checkpoint with a further signature of an unknown witness still opens', async () => {
  const key = await loadSigningKey(Buffer.alloc(32, 1))
  const note = `${signCheckpoint({ origin, size: 7, root }, key)}— witness.example ${Buffer.alloc(68, 3).toString('base64')}\n`
  expect(openCheckpoint(note, origin, key.publicKey)?.size).toBe(7)
})

test('a checkpoint with any changed character does not open as another one', async () => {
  const key = await loadSigningKey(Buffer.alloc(32, 1))
  const note = signCheckpoint({ origin, size: 1234, root }, key)
  fc.assert(
    fc.property(fc.nat(note.length - 1), fc.constantFrom('0', '1', '9', 'A', 'a', '+', '/', '=', ' ', '\n', '—'), (at, char) => {
      const changed = note.slice(0, at) + char + note.slice(at + 1)
      const opened = openCheckpoint(changed, origin, key.publicKey)
      // Base64 has spare bits at its end: another spelling of the same signature is no other claim.
      if (opened) expect(opened).toEqual({ origin, size: 1234, root })
    }),
    { numRuns: 500 },
  )
})

test('the signing key is made once, readable by its owner alone, also when processes start at the same moment', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadSigningKey(join(directory, 'secrets'))))
  expect(new Set(keys.map((key) => key.publicKey.toString('hex'))).size).toBe(1)
  expect(await readdir(join(directory, 'secrets'))).toEqual(['audit-signing-key.pem'])
  expect((await stat(join(directory, 'secrets', 'audit-signing-key.pem'))).mode & 0o777).toBe(0o600)
  expect((await readFile(join(directory, 'secrets', 'audit-signing-key.pem'), 'utf8')).includes('PRIVATE KEY')).toBe(true)
})

test('a damaged key file is refused instead of replaced', async () => {
  await writeFile(join(directory, 'audit-signing-key.pem'), 'nothing')
  await expect(loadSigningKey(directory)).rejects.toMatchObject({ code: 'wrong-state' })
})
