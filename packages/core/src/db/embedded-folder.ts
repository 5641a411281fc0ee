import { mkdir, readdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Refusal } from '@gonio/sdk'

/** The PostgreSQL version whose folders the shipped binaries can open. */
const MAJOR_VERSION = '18'

/** What was found where the database should be. */
export interface Folder {
  readonly dataDir: string
  /** Owner of the folder, or of the nearest folder above it when it does not exist yet. */
  readonly ownerUid: number
  readonly exists: boolean
  readonly hasCluster: boolean
}

export interface State {
  readonly password: string
  /** 0 while no port was chosen yet. */
  readonly port: number
}

/** Looks at the folder without changing what is in it; creates only the folders above it. */
export async function inspectFolder(dataDir: string): Promise<Folder> {
  const wanted = resolve(dataDir)
  try {
    await mkdir(dirname(wanted), { recursive: true, mode: 0o755 })
    const real = join(await realpath(dirname(wanted)), basename(wanted))
    const names = await readdir(real).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined
      throw error
    })
    const owner = await stat(names ? real : dirname(real))
    if (names && names.length > 0) await checkCluster(real, names)
    return { dataDir: real, ownerUid: owner.uid, exists: names !== undefined, hasCluster: (names?.length ?? 0) > 0 }
  } catch (error) {
    throw fileRefusal(error, wanted)
  }
}

async function checkCluster(dataDir: string, names: readonly string[]): Promise<void> {
  if (!names.includes('PG_VERSION')) {
    throw new Refusal(
      'wrong-state',
      `The folder ${dataDir} holds other files and no database. Choose an empty or new folder for the database.`,
    )
  }
  const version = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim()
  if (version !== MAJOR_VERSION) {
    throw new Refusal(
      'wrong-state',
      `The database in ${dataDir} was made by PostgreSQL ${version}; this version of Gonio runs PostgreSQL ${MAJOR_VERSION}. ` +
        'Make a backup with the Gonio version that made it and restore it into a new folder.',
    )
  }
}

/** The superuser's password and the port live beside the folder, readable by the owner alone. */
export async function readState(dataDir: string): Promise<State | undefined> {
  try {
    const state: unknown = JSON.parse(await readFile(`${dataDir}.server.json`, 'utf8'))
    if (typeof state !== 'object' || state === null || !('password' in state) || !('port' in state)) return undefined
    const { password, port } = state
    return typeof password === 'string' && typeof port === 'number' ? { password, port } : undefined
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw fileRefusal(error, `${dataDir}.server.json`)
  }
}

export async function writeState(dataDir: string, state: State): Promise<void> {
  const path = `${dataDir}.server.json`
  try {
    await writeFile(`${path}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600, flush: true })
    await rename(`${path}.new`, path)
  } catch (error) {
    throw fileRefusal(error, path)
  }
}

/** Turns an error of the file system into a sentence for the person who chose the folder; passes others through. */
export function fileRefusal(error: unknown, path: string): unknown {
  const code = errorCode(error)
  const reason = code ? FILE_REASONS[code] : undefined
  return reason ? new Refusal('unavailable', `The database folder ${path} cannot be used: ${reason}`, { code }) : error
}

const FILE_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this account may not write there. Give it the right to, or choose another folder.',
  EPERM: 'this account may not change its owner. Start Gonio as the owner of the folder, or choose another folder.',
  EROFS: 'the disk is mounted read-only. Choose a folder on a writable disk.',
  ENOSPC: 'the disk is full. Free at least 500 MB, or choose a folder on another disk.',
  ENOTDIR: 'a part of the path is a file. Choose another folder.',
  EEXIST: 'a part of the path is a file. Choose another folder.',
  ENAMETOOLONG: 'the path is too long. Choose a shorter one.',
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
