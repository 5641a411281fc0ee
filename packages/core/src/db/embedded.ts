import { randomBytes } from 'node:crypto'
import { chooseAccount } from './embedded-account.ts'
import { findBinaries } from './embedded-binaries.ts'
import { claimFolder, isClaimed } from './embedded-claim.ts'
import { createCluster, resetPassword } from './embedded-cluster.ts'
import { inspectFolder, readState, writeState } from './embedded-folder.ts'
import { markerOf, runningServer, startServer, stopServer } from './embedded-process.ts'
import type { Server } from './embedded-process.ts'

/** A PostgreSQL server of our own for trial and tests: loopback only, password sign-in, data checksums on. */
export interface EmbeddedServer {
  /** Superuser URL of the database "postgres" on 127.0.0.1. */
  readonly url: string
  readonly port: number
  readonly dataDir: string
  /** Stops the server: fast shutdown, at most 45 seconds. A second call waits for the first. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  /** The database folder; created when missing. Its password, port and log are kept beside it as `<dataDir>.*`. */
  readonly dataDir: string
  readonly onProgress?: (line: string) => void
  /** Without it a free port is chosen at the first start and kept for the next ones. */
  readonly port?: number
  /** For tests: no waiting for the disk. A power cut may lose the data; a killed process does not. */
  readonly disposable?: boolean
}

/**
 * Starts the server of a database folder, or takes over the one that a killed process of ours left running on it.
 *
 * @throws Refusal `conflict` when another live process has the folder open or the port is taken, `wrong-state` when the folder
 * holds something else, `unavailable` when this machine or account cannot run the server. Each says what to do.
 */
export async function openEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const say = options.onProgress ?? (() => {})
  const folder = await inspectFolder(options.dataDir)
  const account = await chooseAccount(folder)
  const claim = await claimFolder(folder.dataDir)
  try {
    const server: Server = {
      dataDir: folder.dataDir,
      marker: markerOf(folder.dataDir),
      account,
      binaries: await findBinaries(account, say),
      disposable: options.disposable ?? false,
      say,
    }
    const running = await runningServer(server)
    const state = await readState(server.dataDir)
    if (running?.ready && state && (options.port ?? running.port) === running.port) {
      say('Taking over the database server that is still running from before')
      return await opened(server, running.pid, running.port, state.password, claim.release)
    }
    if (running) await stopServer(server, running.pid)

    const password = state?.password ?? randomBytes(24).toString('base64url')
    if (!folder.hasCluster) await createCluster(server, password)
    else if (!state) await resetPassword(server, password)
    await writeState(server.dataDir, { password, port: options.port ?? state?.port ?? 0 })
    const started = await startServer(server, { wanted: options.port, remembered: state?.port })
    return await opened(server, started.pid, started.port, password, claim.release)
  } catch (error) {
    await claim.release()
    throw error
  }
}

/** Superuser URL of the server that another process of ours has open on this folder; null when none has. */
export async function runningServerUrl(dataDir: string): Promise<string | null> {
  if (!(await isClaimed(dataDir))) return null
  const state = await readState(dataDir)
  return state === undefined || state.port === 0 ? null : urlOf(state)
}

function urlOf({ password, port }: { password: string; port: number }): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
}

async function opened(server: Server, pid: number, port: number, password: string, release: () => Promise<void>): Promise<EmbeddedServer> {
  await writeState(server.dataDir, { password, port })
  const onExit = () => {
    try {
      process.kill(pid, 'SIGINT')
    } catch {
      // it is gone already
    }
  }
  process.once('exit', onExit)
  let stopping: Promise<void> | undefined
  async function stop(): Promise<void> {
    process.off('exit', onExit)
    try {
      await stopServer(server, pid)
    } finally {
      await release()
    }
  }
  return {
    url: urlOf({ password, port }),
    port,
    dataDir: server.dataDir,
    stop: () => (stopping ??= stop()),
  }
}
