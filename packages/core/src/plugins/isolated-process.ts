import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { Duplex } from 'node:stream'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Defect } from '@gonio/sdk'

import { asFrame, MAX_MESSAGE_BYTES, readFrames } from './isolated-frames.ts'

export interface ProcessOptions {
  readonly pluginId: string
  /** File URL of the module that exports the plugin. */
  readonly moduleUrl: string
  readonly exportName: string
  /** Folders the plugin may read: its own. */
  readonly readable: readonly string[]
  /** The account of the process when the kernel runs as root. Default: one of its own for each plugin. */
  readonly account?: { readonly uid: number; readonly gid: number }
  /** The first 64 kB the plugin prints. It may hold patient data; the rest is dropped. */
  readonly onOutput?: (text: string) => void
}

export interface PluginProcess {
  readonly pid: number
  send(text: string): void
  pause(): void
  resume(): void
  kill(): void
  readonly ended: Promise<void>
}

const MAX_OUTPUT_BYTES = 64_000
const CHILD = fileURLToPath(new URL('./isolated-child.ts', import.meta.url))
const OWN_FILES = [CHILD, sibling('./isolated-frames.ts'), sibling('../clock.ts'), sibling('../../package.json')]
const FLAGS = [
  '--no-experimental-sqlite',
  '--no-addons',
  '--disable-proto=delete',
  '--disallow-code-generation-from-strings',
  '--max-old-space-size=96',
  '--no-warnings',
]

/**
 * Starts the process. Node's permission model is a seat belt; the wall is the account of its own (a process cannot signal the kernel or read its
 * environment) and whatever the operating system adds: no network, read-only files, a memory limit. A kernel that is not root cannot give another
 * account, and Node cannot set no-new-privileges: there the container must.
 */
export function startProcess(options: ProcessOptions, on: { frame(text: string): void; tooLong(): void }): PluginProcess {
  const { provided, folders } = sdkPlaces()
  const readable = [...options.readable.map((folder) => realpathSync(folder)), ...folders].map((folder) => `${folder}/`)
  const cwd = mkdtempSync(join(tmpdir(), 'gonio-plugin-'))
  chmodSync(cwd, 0o555)
  const account = process.getuid?.() === 0 ? (options.account ?? accountOf(options.pluginId)) : {}
  const start = JSON.stringify({ moduleUrl: options.moduleUrl, exportName: options.exportName, provided })
  const allowed = [...readable, ...OWN_FILES].map((path) => `--allow-fs-read=${path}`)
  const child = spawn(process.execPath, ['--permission', ...allowed, ...FLAGS, CHILD, start], {
    ...account,
    cwd,
    // The same time zone, so that a date reads alike in either host; nothing else of ours.
    env: { TZ: Intl.DateTimeFormat().resolvedOptions().timeZone },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const channel = child.stdio[3]
  if (!(channel instanceof Duplex)) throw new Defect('The process has no channel.')
  channel.on('data', readFrames({ ...on, maxBytes: MAX_MESSAGE_BYTES }))
  channel.on('error', () => {})
  let printed = 0
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      if (printed < MAX_OUTPUT_BYTES) options.onOutput?.(chunk.subarray(0, MAX_OUTPUT_BYTES - printed).toString('utf8'))
      printed += chunk.length
    })
  }
  return {
    pid: child.pid ?? 0,
    send: (text) => void channel.write(asFrame(text)),
    pause: () => void channel.pause(),
    resume: () => void channel.resume(),
    kill: () => void child.kill('SIGKILL'),
    ended: new Promise((resolve) => {
      const end = (): void => {
        channel.destroy()
        rmSync(cwd, { recursive: true, force: true })
        resolve()
      }
      child.once('exit', end)
      child.once('error', end)
    }),
  }
}

/** An account of its own for each plugin: two plugins with one account could end each other. No such user need exist. */
function accountOf(pluginId: string): { uid: number; gid: number } {
  const id = 20_000 + (createHash('sha256').update(pluginId).digest().readUInt32BE(0) % 20_000)
  return { uid: id, gid: id }
}

/** Where the SDK and its libraries really are: links are not followed by the permission model's list. */
function sdkPlaces(): { provided: Record<string, string>; folders: string[] } {
  const provided = Object.fromEntries(['@gonio/sdk', 'zod', 'kysely'].map((name) => [name, import.meta.resolve(name)]))
  const folders = Object.values(provided).map((url) => dirname(findPackageJSON(url) ?? fileURLToPath(url)))
  return { provided, folders }
}

function sibling(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
