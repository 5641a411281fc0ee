import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { clientFor, signInAs } from './clinic.ts'
import type { Client, Role } from './clinic.ts'

export interface StartedGonio {
  readonly url: string
  readonly dataDir: string
  /** Everything it printed so far. */
  output(): string
  as(role: Role): Promise<Client>
  /** Ctrl-C; answers the exit code. */
  interrupt(): Promise<number | null>
  /** Ctrl-C and removal of the data. */
  close(): Promise<void>
}

const CLI = join(import.meta.dirname, '../../packages/core/src/cli/gonio.ts')

/** `gonio start` as a person runs it: a process of its own, an embedded database in a folder whose name has spaces, the seeded demo clinic. */
export async function startGonio(options: { dataDir?: string; port?: number } = {}): Promise<StartedGonio> {
  const dataDir = options.dataDir ?? (await makeDataDir())
  const child = spawn(process.execPath, [CLI, 'start', '--data-dir', dataDir, '--port', String(options.port ?? 0)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const exited = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      printed += chunk.toString()
      const found = /^ {2}(http:\/\/\S+)$/m.exec(printed)
      if (found?.[1] !== undefined && printed.includes('Press Ctrl-C')) resolve(found[1])
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    void exited.then(([code]) => reject(new Error(`gonio start ended with ${String(code)}: ${printed}`)))
    setTimeout(() => reject(new Error(`gonio start is not ready after two minutes: ${printed}`)), 120_000).unref()
  })
  const interrupt = async (): Promise<number | null> => {
    if (child.exitCode === null) child.kill('SIGINT')
    const [code]: unknown[] = await exited
    return typeof code === 'number' ? code : null
  }
  return {
    url,
    dataDir,
    output: () => printed,
    as: async (role) => clientFor(url, await signInAs(url, role)),
    interrupt,
    async close() {
      await interrupt()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gonio with spaces '))
  // The database server runs as another account when this is root, and has to get in.
  await chmod(folder, 0o755)
  return folder
}
