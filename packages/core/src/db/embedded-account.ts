import { chown, lchown, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '@gonio/sdk'
import { fileRefusal } from './embedded-folder.ts'
import type { Folder } from './embedded-folder.ts'

/** The operating system account that the server runs as; `switchTo` is set only when we are root, because PostgreSQL refuses root. */
export interface Account {
  readonly uid: number
  readonly switchTo: { readonly uid: number; readonly gid: number } | undefined
}

interface PasswdEntry {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Accounts to run as when root owns the folder, in order of preference. */
const UNPRIVILEGED = ['postgres', 'nobody', 'daemon']

export async function chooseAccount(folder: Folder): Promise<Account> {
  const uid = process.getuid?.()
  if (uid === undefined)
    throw new Refusal('unavailable', 'The built-in database runs on Linux and macOS only. Set DATABASE_URL to a PostgreSQL server.')
  const known = await readPasswd()
  if (uid !== 0) {
    checkOwner(folder, uid)
    if (process.platform === 'linux' && !known.some((entry) => entry.uid === uid)) {
      throw new Refusal(
        'unavailable',
        `User ${uid} has no entry in /etc/passwd, which PostgreSQL needs. Start Gonio as a named user, or set DATABASE_URL.`,
      )
    }
    return { uid, switchTo: undefined }
  }
  const entry =
    known.find((candidate) => candidate.uid === folder.ownerUid && candidate.uid !== 0) ??
    UNPRIVILEGED.map((name) => known.find((candidate) => candidate.name === name && candidate.uid !== 0)).find(
      (found) => found !== undefined,
    )
  if (!entry) {
    throw new Refusal(
      'unavailable',
      'PostgreSQL does not run as root, and no other user was found. Create one with `useradd gonio`, or set DATABASE_URL.',
    )
  }
  const switchTo = { uid: entry.uid, gid: entry.gid }
  if (folder.exists && folder.ownerUid !== entry.uid) await handOver(folder.dataDir, switchTo)
  return { uid: entry.uid, switchTo }
}

function checkOwner(folder: Folder, uid: number): void {
  if (!folder.exists || folder.ownerUid === uid) return
  throw new Refusal(
    'unavailable',
    `The database folder ${folder.dataDir} belongs to another user (${folder.ownerUid}; this is ${uid}). Start Gonio as that user, or choose another folder.`,
  )
}

/** Makes a folder that only the server's account can enter. */
export async function makePrivateFolder(path: string, account: Account): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
    if (account.switchTo) await chown(path, account.switchTo.uid, account.switchTo.gid)
  } catch (error) {
    throw fileRefusal(error, path)
  }
}

/** A folder that root copied or restored belongs to root; the server's account needs it. */
async function handOver(dataDir: string, to: { uid: number; gid: number }): Promise<void> {
  try {
    for (const name of await readdir(dataDir, { recursive: true })) await lchown(join(dataDir, name), to.uid, to.gid)
    await chown(dataDir, to.uid, to.gid)
  } catch (error) {
    throw fileRefusal(error, dataDir)
  }
}

async function readPasswd(): Promise<readonly PasswdEntry[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}
