import { spawn } from 'node:child_process'
import { chown, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '@gonio/sdk'
import { makePrivateFolder } from './embedded-account.ts'
import { SERVER_ENVIRONMENT } from './embedded-binaries.ts'
import { fileRefusal, writeState } from './embedded-folder.ts'
import { reachablePath } from './embedded-process.ts'
import type { Server } from './embedded-process.ts'

const PROGRAM_TIMEOUT_MS = 180_000
const MAX_OUTPUT_CHARS = 8_000

/** Fills a folder beside the wanted one and renames it at the end, so a crash in between leaves nothing half made. */
export async function createCluster(server: Server, password: string): Promise<void> {
  server.say('Creating the database (first time, about 5 seconds)…')
  const staging = `${server.dataDir}.new`
  const data = join(staging, 'data')
  await rm(staging, { recursive: true, force: true }).catch((error: unknown) => Promise.reject(fileRefusal(error, staging)))
  await makePrivateFolder(staging, server.account)
  await makePrivateFolder(data, server.account)
  const passwordFile = join(staging, 'password')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (server.account.switchTo) await chown(passwordFile, server.account.uid, -1)

  const path = await reachablePath(data, server.account)
  const settings = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--data-checksums', '--no-instructions']
  // The built-in provider sorts by code point on every machine, whatever locales it has; upper and lower case are Unicode's.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const args = ['-D', path, `--pwfile=${path}/../password`, ...settings, ...locale, ...(server.disposable ? ['--no-sync'] : [])]
  await runProgram(server, server.binaries.initdb, args, data)
  await writeState(server.dataDir, { password, port: 0 })
  try {
    await rename(data, server.dataDir)
    await rm(staging, { recursive: true, force: true })
  } catch (error) {
    throw fileRefusal(error, server.dataDir)
  }
}

/** For a folder that was copied without the file that holds its password. */
export async function resetPassword(server: Server, password: string): Promise<void> {
  server.say('The password file of the database is missing; setting a new password…')
  await rm(join(server.dataDir, 'postmaster.pid'), { force: true })
  const path = await reachablePath(server.dataDir, server.account)
  const args = ['--single', '-D', path, '-c', 'log_min_messages=log', 'postgres']
  await runProgram(server, server.binaries.postgres, args, server.dataDir, `ALTER ROLE postgres PASSWORD '${password}'\n`)
}

function runProgram(server: Server, program: string, args: readonly string[], cwd: string, input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: SERVER_ENVIRONMENT, timeout: PROGRAM_TIMEOUT_MS, ...server.account.switchTo })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARS)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const reason = /(?:error|FATAL|PANIC):\s*(.*)/.exec(output)?.[1] ?? `it ended with code ${code ?? 'none, after a time-out'}`
      reject(
        new Refusal(
          'unavailable',
          `The database in ${server.dataDir} could not be prepared: ${reason}. Check free disk space and memory, then start again.`,
        ),
      )
    })
    child.stdin.on('error', () => {}).end(input)
  })
}
