import { readFile } from 'node:fs/promises'

const LOOK_EVERY_MS = 250
const WINDOW_MS = 10 * 60_000
const MAX_DEATHS = 5

/**
 * Calls `onOver` once when a process holds more memory than it may. The heap flag does not bound buffers; between two looks a process can
 * take more, so a memory limit of the operating system is still wanted. Where there is no /proc, only the heap flag holds.
 */
export function watchMemory(pid: number, maxBytes: number, onOver: () => void): () => void {
  const timer = setInterval(() => {
    void residentBytes(pid).then((bytes) => {
      if (bytes <= maxBytes) return
      clearInterval(timer)
      onOver()
    })
  }, LOOK_EVERY_MS).unref()
  return () => clearInterval(timer)
}

async function residentBytes(pid: number): Promise<number> {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024
  } catch {
    return 0
  }
}

/** Opens after five deaths in ten minutes and stays open until it is reset. Durations only, so no clock is read. */
export class CrashBreaker {
  #deaths: number[] = []
  #open = false

  get open(): boolean {
    return this.#open
  }

  noteDeath(): void {
    const now = performance.now()
    this.#deaths = [...this.#deaths.filter((at) => now - at < WINDOW_MS), now]
    if (this.#deaths.length >= MAX_DEATHS) this.#open = true
  }

  reset(): void {
    this.#deaths = []
    this.#open = false
  }
}
