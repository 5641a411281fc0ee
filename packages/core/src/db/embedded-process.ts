import { execFile, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '@gonio/sdk'
import type { Account } from './embedded-account.ts'
import { SERVER_ENVIRONMENT } from './embedded-binaries.ts'
import type { Binaries } from './embedded-binaries.ts'
import { fileRefusal } from './embedded-folder.ts'

export interface Server {
  readonly dataDir: string
  /** Stands in the server's command line, so that its process is told from any other with the same number. */
  readonly marker: string
  readonly account: Account
  readonly binaries: Binaries
  readonly disposable: boolean
  readonly say: (line: string) => void
}

export interface RunningServer {
  readonly pid: number
  readonly port: number
  readonly ready: boolean
}

const START_TIMEOUT_MS = 300_000
const STOP_STEPS = [
  { signal: 'SIGINT', waitMs: 30_000 }, // fast: ends connections, writes a checkpoint
  { signal: 'SIGQUIT', waitMs: 10_000 }, // immediate: the next start recovers
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const
const POLL_MS = 25
const MAX_STARTS = 5
const MAX_LOG_BYTES = 5_000_000

export function markerOf(dataDir: string): string {
  return `gonio-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`
}

/** The server that already runs on the folder, left by a killed process of ours. Removes the pid file of a dead one. */
export async function runningServer(server: Server): Promise<RunningServer | undefined> {
  const found = await readPidFile(server)
  if (!found) return undefined
  if (commandLine(found.pid).includes(server.marker)) return found
  if (isPostgres(found.pid)) {
    throw new Refusal(
      'conflict',
      `A PostgreSQL server that Gonio did not start runs on ${server.dataDir} (process ${found.pid}). Stop it first.`,
      {
        pid: found.pid,
      },
    )
  }
  server.say('The database was not shut down last time; it will recover by itself')
  // PostgreSQL itself would refuse to start when the number in this file now belongs to another program.
  await rm(join(server.dataDir, 'postmaster.pid'), { force: true })
  return undefined
}

export async function startServer(
  server: Server,
  ports: { wanted: number | undefined; remembered: number | undefined },
): Promise<RunningServer> {
  server.say('Starting the database…')
  let problem = ''
  for (let tries = 0; tries < MAX_STARTS; tries++) {
    const port = await choosePort(ports)
    const pid = await launch(server, port)
    const started = await waitUntilReady(server, pid)
    if (started) return started
    problem = await lastLogLine(server)
    // Server processes of a killed server need a moment to notice; a port may be lost between the check and the start.
    if (!/shared memory block|still in use|could not bind|could not create any TCP/i.test(problem)) break
    await sleep(500)
  }
  throw new Refusal('unavailable', `The database in ${server.dataDir} did not start: ${problem} The file ${server.dataDir}.log says more.`)
}

/** Bounded by the sum of the steps; returns when the process is gone. */
export async function stopServer(server: Server, pid: number): Promise<void> {
  for (const { signal, waitMs } of STOP_STEPS) {
    if (!isRunning(server, pid)) return
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    for (const end = Date.now() + waitMs; Date.now() < end; await sleep(POLL_MS)) if (!isRunning(server, pid)) return
  }
}

async function launch(server: Server, port: number): Promise<number> {
  const path = await reachablePath(server.dataDir, server.account)
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    cluster_name: server.marker,
    max_connections: '200',
    timezone: 'UTC',
    jit: 'off',
    // Errors quote the values of statements, so only the server's own life goes to the log, never patient data.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_timezone: 'UTC',
    ...(server.disposable ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  }
  const log = await openLog(server)
  try {
    const child = spawn(
      server.binaries.postgres,
      ['-D', path, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        cwd: server.dataDir,
        env: SERVER_ENVIRONMENT,
        stdio: ['ignore', log.fd, log.fd],
        // A session of its own: Ctrl-C in the terminal must reach us alone, so that work in hand can finish first.
        detached: true,
        ...server.account.switchTo,
      },
    )
    child.unref()
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('spawn', () => resolve(child.pid ?? 0))
    })
  } finally {
    await log.close()
  }
}

async function openLog(server: Server) {
  const path = `${server.dataDir}.log`
  try {
    const log = await open(path, 'a', 0o600)
    if ((await log.stat()).size > MAX_LOG_BYTES) await log.truncate()
    return log
  } catch (error) {
    throw fileRefusal(error, path)
  }
}

async function lastLogLine(server: Server): Promise<string> {
  const lines = (await readFile(`${server.dataDir}.log`, 'utf8').catch(() => '')).trim().split('\n').slice(-20)
  const line = lines.findLast((text) => /FATAL|PANIC/.test(text)) ?? lines.at(-1) ?? ''
  return `${line.replace(/^.*?(?:FATAL|PANIC):\s*/, '').replace(/\.?$/, '.')}`
}

async function waitUntilReady(server: Server, pid: number): Promise<RunningServer | undefined> {
  for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end; await sleep(POLL_MS)) {
    const found = await readPidFile(server)
    if (found?.pid === pid && found.ready) return found
    if (!isRunning(server, pid)) return undefined
  }
  await stopServer(server, pid)
  throw new Refusal(
    'unavailable',
    `The database in ${server.dataDir} was not ready after ${START_TIMEOUT_MS / 60_000} minutes. See ${server.dataDir}.log.`,
  )
}

/** postmaster.pid: process, folder, start, port, socket folder, address, shared memory, state (one a line). */
async function readPidFile(server: Server): Promise<RunningServer | undefined> {
  const lines = (await readFile(join(server.dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  return pid > 0 ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' } : undefined
}

function isRunning(server: Server, pid: number): boolean {
  return commandLine(pid).includes(server.marker)
}

function isPostgres(pid: number): boolean {
  return /(^|\/)postgres(\0|\s|$)/.test(commandLine(pid))
}

/** Empty for a process that is gone or only waits to be collected. */
function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' })
  } catch {
    return ''
  }
}

async function choosePort(ports: { wanted: number | undefined; remembered: number | undefined }): Promise<number> {
  if (ports.wanted !== undefined) {
    if ((await tryPort(ports.wanted)) !== undefined) return ports.wanted
    throw new Refusal(
      'conflict',
      `Port ${ports.wanted} is taken by another program. Stop that one, or choose another port for the database.`,
    )
  }
  const port = (ports.remembered ? await tryPort(ports.remembered) : undefined) ?? (await tryPort(0))
  if (port === undefined) throw new Refusal('unavailable', 'No free port was found on 127.0.0.1. Check that the loopback network works.')
  return port
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}

/**
 * A path by which the server's account gets into the folder. Below a closed folder (/root is 0700) there is none, but each process
 * always reaches its own working directory, which spawn() enters before it gives up root.
 */
export async function reachablePath(folder: string, account: Account): Promise<string> {
  if (!account.switchTo || process.platform !== 'linux') return folder
  const reached = await new Promise<boolean>((resolve) => {
    execFile('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { cwd: '/', env: SERVER_ENVIRONMENT, ...account.switchTo }, (error) =>
      resolve(error === null),
    )
  })
  return reached ? folder : '/proc/self/cwd'
}
