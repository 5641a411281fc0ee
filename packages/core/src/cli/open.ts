import { join } from 'node:path'

import pg from 'pg'

import { loadClinic } from './clinic.ts'
import { readConfig } from '../config.ts'
import type { Config } from '../config.ts'
import { openEmbeddedServer, runningServerUrl } from '../db/index.ts'
import type { EmbeddedServer } from '../db/index.ts'
import { openKernel } from '../kernel.ts'
import type { Kernel } from '../kernel.ts'
import type { Flags } from './flags.ts'

const DATABASE = 'gonio'

export interface OpenedDatabase {
  readonly adminUrl: string
  readonly server: EmbeddedServer | null
}

/**
 * The clinic's own PostgreSQL, or the embedded one with its database made when missing.
 *
 * @param attach use the embedded server of a running `gonio start` instead of refusing because it runs
 */
export async function openDatabase(config: Config, say: (line: string) => void, { attach = false } = {}): Promise<OpenedDatabase> {
  if (config.databaseUrl !== null) return { adminUrl: config.databaseUrl, server: null }
  const dataDir = join(config.dataDir, 'postgres')
  const running = attach ? await runningServerUrl(dataDir) : null
  if (running !== null) return { adminUrl: databaseUrlOn(running), server: null }
  const server = await openEmbeddedServer({ dataDir, onProgress: say })
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
  return { adminUrl: databaseUrlOn(server.url), server }
}

function databaseUrlOn(server: string): string {
  const url = new URL(server)
  url.pathname = `/${DATABASE}`
  return url.toString()
}

export function configOf(flags: Flags): Promise<Config> {
  return readConfig({ dataDir: flags['data-dir'], port: flags.port, role: flags.role })
}

/** A kernel without workers on the clinic's database, for one command. The server may be running: then its database is used. */
export async function withKernel(flags: Flags, work: (kernel: Kernel) => Promise<number>): Promise<number> {
  const config = await configOf(flags)
  const { clinic } = await loadClinic(flags)
  const database = await openDatabase(config, (line) => console.error(line), { attach: true })
  try {
    const kernel = await openKernel({
      adminUrl: database.adminUrl,
      secret: config.secret,
      secretsDir: config.secretsDir,
      plugins: clinic.plugins,
      role: 'api',
    })
    try {
      return await work(kernel)
    } finally {
      await kernel.stop()
    }
  } finally {
    await database.server?.stop()
  }
}
