import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

import { Refusal } from '@gonio/sdk'

/** Everything the environment decides. Only this file reads it. */
export interface Config {
  /** A role that may create roles on the clinic's own PostgreSQL; null = the embedded server. */
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly secret: string
  readonly secretsDir: string
  readonly role: 'all' | 'api' | 'worker'
  /** Only behind a proxy of ours may a header say that the outside is https. */
  readonly trustProxy: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the configuration: flags first, then the environment, then defaults.
 *
 * @throws Refusal `invalid-input` naming the setting
 */
export async function readConfig(
  flags: { dataDir?: string | undefined; port?: string | undefined; role?: string | undefined },
  environment: Environment = process.env,
): Promise<Config> {
  const dataDir = resolve(flags.dataDir ?? environment['GONIO_DATA_DIR'] ?? join(environment['INIT_CWD'] ?? process.cwd(), '.gonio'))
  const secretsDir = resolve(environment['GONIO_SECRETS_DIR'] ?? join(dataDir, 'secrets'))
  const port = Number(flags.port ?? environment['GONIO_PORT'] ?? 4600)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Refusal('invalid-input', 'The port (--port or GONIO_PORT) must be a number from 0 to 65535.')
  const role = flags.role ?? environment['GONIO_ROLE'] ?? 'all'
  if (role !== 'all' && role !== 'api' && role !== 'worker')
    throw new Refusal('invalid-input', 'The role (--role or GONIO_ROLE) is one of all, api, worker.')
  return {
    databaseUrl: databaseUrl(await fromFile(environment, 'DATABASE_URL')),
    dataDir,
    port,
    role,
    secretsDir,
    host: environment['GONIO_HOST'] ?? '127.0.0.1',
    secret: (await fromFile(environment, 'GONIO_SECRET')) ?? (await installationSecret(secretsDir)),
    trustProxy: environment['GONIO_TRUST_PROXY'] === '1',
  }
}

/** `NAME`, or the content of the file in `NAME_FILE`: secrets of containers come as files. */
async function fromFile(environment: Environment, name: string): Promise<string | null> {
  const file = environment[`${name}_FILE`]
  const text = file === undefined ? environment[name] : await readFile(file, 'utf8')
  return text === undefined || text.trim() === '' ? null : text.trim()
}

function databaseUrl(text: string | null): string | null {
  if (text === null) return null
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    throw new Refusal('invalid-input', 'DATABASE_URL must look like postgres://user:password@host:5432/database.')
  }
  return text
}

/** The secret of this installation, made at the first start. Losing it ends all sessions and links; leaking it forges them. */
async function installationSecret(directory: string): Promise<string> {
  const path = join(directory, 'installation-secret')
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const draft = `${path}.${randomBytes(6).toString('hex')}`
    await writeFile(draft, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
    // A link fails when another process was first, and never shows half a file.
    await link(draft, path).catch(() => {})
    await unlink(draft)
    await chmod(path, 0o600)
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new Refusal(
      'unavailable',
      `The data folder ${shortened(directory)} cannot be written (${code}). Give it to this user, or choose another with GONIO_DATA_DIR.`,
    )
  }
}

function shortened(path: string): string {
  return path.startsWith(homedir()) ? `~${path.slice(homedir().length)}` : path
}
