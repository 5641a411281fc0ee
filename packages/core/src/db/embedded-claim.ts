import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '@gonio/sdk'
import { errorCode, fileRefusal } from './embedded-folder.ts'

export interface Claim {
  readonly release: () => Promise<void>
}

const MAX_TRIES = 5

/** Says "this process has the folder open" in `<dataDir>.lock`; a process that was killed loses its claim. */
export async function claimFolder(dataDir: string): Promise<Claim> {
  const path = `${dataDir}.lock`
  const mine = `${process.pid} ${startOf(process.pid)}`
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    try {
      await writeFile(path, mine, { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw fileRefusal(error, dataDir)
      const holder = await readFile(path, 'utf8').catch(() => '')
      if (isAlive(holder)) throw alreadyOpen(dataDir, holder)
      await rm(path, { force: true })
      continue
    }
    // Two processes may have removed the same stale claim: the one that wrote last has it.
    await sleep(20)
    if ((await readFile(path, 'utf8').catch(() => '')) === mine) return { release: () => rm(path, { force: true }) }
  }
  throw alreadyOpen(dataDir, '')
}

/** True while a live process has the folder open. */
export async function isClaimed(dataDir: string): Promise<boolean> {
  return isAlive(await readFile(`${dataDir}.lock`, 'utf8').catch(() => ''))
}

function alreadyOpen(dataDir: string, holder: string): Refusal {
  const pid = Number(holder.split(' ')[0]) || undefined
  const who = pid === process.pid ? 'this process already' : pid ? `process ${pid}` : 'another process'
  return new Refusal('conflict', `The database in ${dataDir} is open in ${who}. Stop that one first, or choose another folder.`, { pid })
}

function isAlive(holder: string): boolean {
  const [pid, ...start] = holder.split(' ')
  return Number(pid) > 0 && startOf(Number(pid)) === start.join(' ')
}

/** When a process was started; tells it from a later one with the same number. Empty when there is none. */
function startOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      // proc_pid_stat(5): the name in brackets may hold blanks; field 22 is the start time in ticks after boot.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      return fields[0] === 'Z' ? '' : (fields[19] ?? '')
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return ''
  }
}
