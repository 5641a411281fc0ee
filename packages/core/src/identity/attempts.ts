import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP, SocketAddress } from 'node:net'

import type { Tx } from '../db/index.ts'
import './tables.ts'

/** Tries that may fail before the door closes, and for how long; each further lock within the window doubles, up to the maximum. */
export interface AttemptRule {
  readonly failures: number
  readonly windowMs: number
  /** `last`: the count is forgotten after a quiet window, so no two windows can meet. `first`: it starts anew with each window. */
  readonly countedFrom: 'first' | 'last'
  readonly lockMs: number
  readonly maxLockMs: number
}

export interface AttemptRow {
  readonly key: string
  readonly failures: number
  readonly since: string
  readonly locks: number
  readonly lockedUntil: string | null
}

export interface Charge {
  readonly row: AttemptRow
  /** The door was closed already: this try is refused and not counted. */
  readonly refused: boolean
  /** This try was the last one allowed. */
  readonly closed: boolean
}

/** Counts one try before its password is looked at, so that tries sent at the same time cannot outrun the count. */
export function chargeAttempt(before: AttemptRow, rule: AttemptRule, now: Date): Charge {
  const lockedUntil = before.lockedUntil === null ? null : Date.parse(before.lockedUntil)
  if (lockedUntil !== null && lockedUntil > now.getTime()) return { row: before, refused: true, closed: false }
  const past = now.getTime() - (lockedUntil ?? Date.parse(before.since)) > rule.windowMs
  const fresh = past || lockedUntil !== null
  const locks = past ? 0 : before.locks
  const row = {
    key: before.key,
    failures: fresh ? 1 : before.failures + 1,
    since: fresh || rule.countedFrom === 'last' ? now.toISOString() : before.since,
    locks,
    lockedUntil: null,
  }
  if (row.failures < rule.failures) return { row, refused: false, closed: false }
  const lastsMs = Math.min(rule.lockMs * 2 ** Math.min(locks, 20), rule.maxLockMs)
  return { row: { ...row, locks: locks + 1, lockedUntil: new Date(now.getTime() + lastsMs).toISOString() }, refused: false, closed: true }
}

/** Counts one try under this key. The row stays locked until the transaction ends; callers charge the address before the account. */
export async function chargeKey(tx: Tx, key: string, rule: AttemptRule, now: Date): Promise<Charge> {
  await tx
    .insertInto('auth.attempt')
    .values({ key, failures: 0, since: now })
    .onConflict((on) => on.column('key').doNothing())
    .execute()
  const before = await tx
    .selectFrom('auth.attempt')
    .select(['key', 'failures', 'since', 'locks', 'lockedUntil'])
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const charge = chargeAttempt(before, rule, now)
  if (!charge.refused) await writeAttempt(tx, charge.row)
  return charge
}

export async function writeAttempt(tx: Tx, { key, ...row }: AttemptRow): Promise<void> {
  await tx.updateTable('auth.attempt').set(row).where('key', '=', key).execute()
}

/** The right password was given: the account starts anew. */
export async function forgetAttempts(tx: Tx, key: string): Promise<void> {
  await tx.deleteFrom('auth.attempt').where('key', '=', key).execute()
}

/** Takes back the one try that turned out right; the address keeps the failures of others. */
export async function refundAttempt(tx: Tx, charge: Charge): Promise<void> {
  await tx
    .updateTable('auth.attempt')
    .set((eb) => ({
      failures: eb.fn<number>('greatest', [eb('failures', '-', 1), eb.val(0)]),
      ...(charge.closed ? { lockedUntil: null, locks: charge.row.locks - 1 } : {}),
    }))
    .where('key', '=', charge.row.key)
    .execute()
}

/** The key of the account with this address; `null` = what was typed is no address. */
export function accountKey(secret: string, email: string | null): string {
  return `account:${createHmac('sha256', secret)
    .update(`attempt:${email ?? ''}`)
    .digest('base64url')}`
}

/** Where a request comes from: the other end of the socket. X-Forwarded-For and its like are written by the caller. */
export function addressOf(request: Pick<IncomingMessage, 'socket'>): string {
  return request.socket.remoteAddress ?? 'unknown'
}

/** One key an IPv4 address, one a /64 of IPv6, because a single machine owns all addresses of its /64. */
export function addressKey(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIP(plain) === 4) return `ip:${plain}`
  if (isIP(plain) !== 6) return 'ip:unknown'
  return `ip:${groupsOf(plain).slice(0, 4).join(':')}::/64`
}

function groupsOf(ip: string): string[] {
  const canonical = new SocketAddress({ address: ip.split('%')[0] ?? ip, family: 'ipv6' }).address
  const [head = '', tail] = canonical.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  return [...before, ...Array.from({ length: missing }, () => '0'), ...after].map((group) => group.replace(/^0+(?=.)/, ''))
}
