import { setTimeout as sleep } from 'node:timers/promises'

import { Defect, Refusal } from '@gonio/sdk'

import { appendEntries } from '../audit/index.ts'
import { transact } from '../db/index.ts'
import { accountKey, addressKey, chargeKey, forgetAttempts, refundAttempt, writeAttempt } from './attempts.ts'
import type { AttemptRule, Charge } from './attempts.ts'
import { verifyPassword } from './password.ts'
import type { Viewer } from './rights.ts'
import { openSession, readViewer, replaceSession } from './session.ts'
import type { SessionDeps } from './session.ts'

export interface SignInDeps extends SessionDeps {
  /** The installation secret; e-mail addresses of failed tries are kept under a hash keyed with it. */
  readonly secret: string
  readonly limits?: Partial<SignInLimits>
}

export interface SignInLimits {
  readonly account: AttemptRule
  readonly address: AttemptRule
  /** No failure is answered sooner, so that its cause cannot be told from the time it took. */
  readonly failureFloorMs: number
}

export interface Credentials {
  readonly email: string
  readonly password: string
  /** The address of the socket. Headers of the request are never a source. */
  readonly ip: string
  readonly userAgent: string
  /** The token the browser still had, which ends here. It is never taken over by the new session. */
  readonly previousToken?: string | null
}

interface Charges {
  readonly address: Charge
  readonly account: Charge
}

interface Account {
  readonly userId: string
  readonly organizationId: string
  readonly staffId: string
  readonly passwordHash: string
}

const MINUTE_MS = 60_000
const LIMITS: SignInLimits = {
  account: { failures: 5, windowMs: 24 * 60 * MINUTE_MS, countedFrom: 'last', lockMs: 15 * MINUTE_MS, maxLockMs: 4 * 60 * MINUTE_MS },
  // Wide, because a whole clinic often shares one address; it stops guessing across accounts, the account limit stops guessing at one.
  // It never lasts longer than one window: everyone behind the address is locked out with the guesser.
  address: { failures: 60, windowMs: 15 * MINUTE_MS, countedFrom: 'first', lockMs: 15 * MINUTE_MS, maxLockMs: 15 * MINUTE_MS },
  failureFloorMs: 600,
}
const EMAIL = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u

/** The form in which an address is stored and compared; null when it is none. */
export function normalizeEmail(text: string): string | null {
  const email = text.trim().normalize('NFC').toLowerCase()
  return email.length <= 254 && EMAIL.test(email) ? email : null
}

/**
 * Signs a member of staff in with a new session.
 *
 * @throws Refusal `not-signed-in` with one sentence for every cause, or `too-many` while the account or the address is locked
 */
export async function signIn(deps: SignInDeps, credentials: Credentials): Promise<{ token: string; viewer: Viewer }> {
  const limits = { ...LIMITS, ...deps.limits }
  const floor = sleep(limits.failureFloorMs)
  try {
    return await trySignIn(deps, limits, credentials)
  } catch (error) {
    await floor
    throw error
  }
}

async function trySignIn(deps: SignInDeps, limits: SignInLimits, credentials: Credentials): Promise<{ token: string; viewer: Viewer }> {
  const email = normalizeEmail(credentials.email)
  const charged = await charge(deps, limits, credentials.ip, accountKey(deps.secret, email))
  const found = await findAccount(deps, email)
  const right = await verifyPassword(found?.passwordHash ?? null, credentials.password)
  const opened = right && found !== undefined ? await open(deps, found, charged, credentials) : null
  if (opened !== null) return opened
  await recordFailure(deps, found, charged)
  throw new Refusal('not-signed-in', 'The e-mail address or the password is not right. Check both and try again.')
}

/** Auth rows belong to no organization, so this transaction enters none. */
async function charge(deps: SignInDeps, limits: SignInLimits, ip: string, account: string): Promise<Charges> {
  const now = deps.clock.now()
  const charged = await deps.db.transaction().execute(async (tx) => {
    const address = await chargeKey(tx, addressKey(ip), limits.address, now)
    return address.refused ? { address, account: address } : { address, account: await chargeKey(tx, account, limits.account, now) }
  })
  const refused = [charged.address, charged.account].find((one) => one.refused)
  if (refused === undefined) return charged
  const minutes = Math.max(1, Math.ceil((Date.parse(refused.row.lockedUntil ?? '') - now.getTime()) / MINUTE_MS))
  throw new Refusal('too-many', `Too many failed tries. Wait ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} and try again.`, {
    retryAfterSeconds: minutes * 60,
  })
}

async function findAccount(deps: SignInDeps, email: string | null): Promise<Account | undefined> {
  return deps.db
    .selectFrom('auth.user')
    .innerJoin('auth.account', 'auth.account.userId', 'auth.user.id')
    .innerJoin('auth.member', 'auth.member.userId', 'auth.user.id')
    .select(['auth.user.id as userId', 'auth.member.organizationId', 'auth.member.staffId', 'auth.account.passwordHash'])
    .where('auth.user.email', '=', email ?? '')
    .where('auth.account.provider', '=', 'password')
    .executeTakeFirst()
}

/** Null when the member of staff is not active. */
async function open(
  deps: SignInDeps,
  found: Account,
  charged: Charges,
  credentials: Credentials,
): Promise<{ token: string; viewer: Viewer } | null> {
  return transact(deps.db, found.organizationId, async (tx) => {
    // Deactivation changes this row first, so it either is seen here or ends the session made here.
    const staff = await tx.selectFrom('kernel.staff').select('active').where('id', '=', found.staffId).forShare().executeTakeFirst()
    if (staff?.active !== true) return null
    await refundAttempt(tx, charged.address)
    await forgetAttempts(tx, charged.account.row.key)
    await replaceSession(tx, credentials.previousToken ?? null, deps.clock.now())
    const { organizationId, userId, staffId } = found
    const { token, sessionId } = await openSession(tx, deps, {
      organizationId,
      userId,
      staffId,
      ip: credentials.ip,
      userAgent: credentials.userAgent,
    })
    const viewer = await readViewer(tx, staffId, sessionId)
    if (viewer === null) throw new Defect(`Staff ${staffId} cannot be read while signing in`)
    await appendEntries(
      tx,
      organizationId,
      [
        {
          actor: { kind: 'staff', id: staffId },
          action: 'staff.signed-in',
          refs: {},
          correlationId: deps.clock.newId(),
          causationId: null,
          detail: { sessionId, address: addressKey(credentials.ip) },
        },
      ],
      deps.clock,
    )
    return { token, viewer }
  })
}

/** A lock was set when its try was counted; it is written again here, so that it and its audit entry are one transaction. */
async function recordFailure(deps: SignInDeps, found: Account | undefined, charged: Charges): Promise<void> {
  const organizationId = found?.organizationId ?? (await soleOrganization(deps))
  const closed = [charged.address, charged.account].filter((one) => one.closed)
  // With several organizations, a try on an unknown account belongs to none of them and is counted in auth.attempt alone.
  if (organizationId === null) return
  await transact(deps.db, organizationId, async (tx) => {
    for (const one of closed) await writeAttempt(tx, one.row)
    const detail = { staffId: found?.staffId ?? null, address: charged.address.row.key }
    const entry = { actor: { kind: 'system' as const, id: null }, refs: {}, correlationId: deps.clock.newId(), causationId: null, detail }
    await appendEntries(
      tx,
      organizationId,
      [
        { ...entry, action: 'staff.sign-in-failed' },
        ...(charged.account.closed ? [{ ...entry, action: 'staff.locked' }] : []),
        ...(charged.address.closed ? [{ ...entry, action: 'staff.address-locked' }] : []),
      ],
      deps.clock,
    )
  })
}

async function soleOrganization(deps: SignInDeps): Promise<string | null> {
  const tenants = await deps.db.selectFrom('kernel.tenant').select('id').limit(2).execute()
  return tenants.length === 1 ? (tenants[0]?.id ?? null) : null
}
