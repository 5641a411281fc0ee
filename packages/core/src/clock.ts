import { randomFillSync } from 'node:crypto'

/** The only source of time and ids, so that tests can replace both. */
export interface Clock {
  now(): Date
  /** UUIDv7: sorts by time of making. */
  newId(): string
}

export const systemClock: Clock = { now: () => new Date(), newId: () => uuidv7(Date.now()) }

export interface ShiftableClock extends Clock {
  /** Moves this clock: `days` before now; 0 = the real time. */
  goBack(days: number): void
}

/** The system's time, moved. A demo uses it to have a past; it is back at the real time before anyone signs in. */
export function shiftableClock(): ShiftableClock {
  let shiftMs = 0
  return {
    now: () => new Date(Date.now() - shiftMs),
    newId: systemClock.newId,
    goBack(days) {
      shiftMs = days * 86_400_000
    },
  }
}

const pool = Buffer.alloc(4_096)
let used = pool.length
let lastMs = 0
let sequence = 0

/**
 * RFC 9562 version 7: 48 bits of milliseconds, 12 bits that count up within one, then random. Ids of one process sort in the order in which they
 * were made. Random bytes are drawn for 256 ids at once.
 */
export function uuidv7(unixMs: number): string {
  if (used + 16 > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = pool.subarray(used, (used += 16))
  if (unixMs > lastMs) {
    lastMs = unixMs
    // The upper half stays free to count in.
    sequence = bytes.readUInt16BE(6) & 0x7ff
  } else if (++sequence > 0xfff) {
    lastMs += 1
    sequence = 0
  }
  bytes.writeUIntBE(lastMs, 0, 6)
  bytes.writeUInt16BE(0x7000 | sequence, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
