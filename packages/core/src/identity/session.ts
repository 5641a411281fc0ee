import { createHash, randomBytes } from 'node:crypto'

import { jsonArrayFrom } from 'kysely/helpers/postgres'

import { appendEntries } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import { readOnly, transact } from '../db/index.ts'
import type { Db, Tx } from '../db/index.ts'
import { isToken } from './cookie.ts'
import type { Viewer } from './rights.ts'
import type { SessionEnd } from './tables.ts'

export interface SessionRule {
  /** 45 CFR 164.312(a)(2)(iii), automatic logoff. */
  readonly idleMs: number
  readonly absoluteMs: number
}

export interface SessionDeps {
  readonly db: Db
  readonly clock: Clock
  readonly sessions?: Partial<SessionRule>
}

const RULE: SessionRule = { idleMs: 15 * 60_000, absoluteMs: 12 * 3_600_000 }
/** A request writes the time it was seen at most this often; idle ends at most this much early, never late. */
const TOUCH_MS = 30_000
const MAX_SESSIONS = 10
const MAX_FORGOTTEN = 10_000
const DAY_MS = 24 * 3_600_000

/** Who this token belongs to, or null. Pass `touch: false` for requests that the browser makes by itself: they keep no session alive. */
export async function viewerOf(
  deps: SessionDeps,
  token: string | null,
  { touch = true }: { touch?: boolean } = {},
): Promise<Viewer | null> {
  if (token === null || !isToken(token)) return null
  const now = deps.clock.now()
  const idleMs = deps.sessions?.idleMs ?? RULE.idleMs
  const session = await deps.db
    .selectFrom('auth.session')
    .select(['id', 'organizationId', 'staffId', 'seenAt'])
    .where('tokenSha256', '=', sha256(token))
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now.toISOString())
    .where('seenAt', '>', new Date(now.getTime() - idleMs).toISOString())
    .executeTakeFirst()
  if (session === undefined) return null
  if (touch && now.getTime() - Date.parse(session.seenAt) >= Math.min(TOUCH_MS, idleMs / 2)) {
    await deps.db.updateTable('auth.session').set({ seenAt: now }).where('id', '=', session.id).where('endedAt', 'is', null).execute()
  }
  return readOnly(deps.db, session.organizationId, (tx) => readViewer(tx, session.staffId, session.id))
}

/** The member of staff as the rest of the kernel sees them; null when not active. */
export async function readViewer(tx: Tx, staffId: string, sessionId: string): Promise<Viewer | null> {
  const staff = await tx
    .selectFrom('kernel.staff')
    .select((eb) => [
      'organizationId',
      'id as staffId',
      'name',
      'email',
      'roles',
      jsonArrayFrom(
        eb
          .selectFrom('kernel.license')
          .select(['kind', 'state', 'number', 'expires'])
          .whereRef('kernel.license.staffId', '=', 'kernel.staff.id')
          .orderBy('kind')
          .orderBy('state')
          .orderBy('number'),
      ).as('licenses'),
    ])
    .where('id', '=', staffId)
    .where('active', '=', true)
    .executeTakeFirst()
  return staff === undefined ? null : { kind: 'staff', ...staff, sessionId }
}

export interface NewSession {
  readonly organizationId: string
  readonly userId: string
  readonly staffId: string
  readonly ip: string
  readonly userAgent: string
}

/** Opens a session with a new random token, of which only the hash is kept. */
export async function openSession(tx: Tx, deps: SessionDeps, session: NewSession): Promise<{ token: string; sessionId: string }> {
  const now = deps.clock.now()
  const token = randomBytes(32).toString('base64url')
  const sessionId = deps.clock.newId()
  await tx
    .insertInto('auth.session')
    .values({
      ...session,
      id: sessionId,
      tokenSha256: sha256(token),
      ip: session.ip.slice(0, 60),
      userAgent: printable(session.userAgent).slice(0, 300),
      createdAt: now,
      seenAt: now,
      expiresAt: new Date(now.getTime() + (deps.sessions?.absoluteMs ?? RULE.absoluteMs)),
    })
    .execute()
  const beyond = tx
    .selectFrom('auth.session')
    .select('id')
    .where('staffId', '=', session.staffId)
    .where('endedAt', 'is', null)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .offset(MAX_SESSIONS)
  await tx.updateTable('auth.session').set({ endedAt: now, endedBecause: 'too-many' }).where('id', 'in', beyond).execute()
  return { token, sessionId }
}

/** Ends the session of this token. Without one, or when it has ended, there is nothing to do. */
export async function signOut(deps: SessionDeps, token: string | null): Promise<void> {
  if (token === null || !isToken(token)) return
  const found = await deps.db
    .selectFrom('auth.session')
    .select(['id', 'organizationId', 'staffId'])
    .where('tokenSha256', '=', sha256(token))
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  if (found === undefined) return
  await transact(deps.db, found.organizationId, async (tx) => {
    const ended = await tx
      .updateTable('auth.session')
      .set({ endedAt: deps.clock.now(), endedBecause: 'signed-out' })
      .where('id', '=', found.id)
      .where('endedAt', 'is', null)
      .executeTakeFirst()
    if (ended.numUpdatedRows === 0n) return
    const story = deps.clock.newId()
    await appendEntries(
      tx,
      found.organizationId,
      [
        {
          actor: { kind: 'staff', id: found.staffId },
          action: 'staff.signed-out',
          refs: {},
          correlationId: story,
          causationId: null,
          detail: { sessionId: found.id },
        },
      ],
      deps.clock,
    )
  })
}

/** Ends the session that the browser still had when its user signed in again. */
export async function replaceSession(tx: Tx, token: string | null, now: Date): Promise<void> {
  if (token === null || !isToken(token)) return
  await tx
    .updateTable('auth.session')
    .set({ endedAt: now, endedBecause: 'replaced' })
    .where('tokenSha256', '=', sha256(token))
    .where('endedAt', 'is', null)
    .execute()
}

/** Ends all sessions of a member of staff, as part of the change that calls for it. */
export async function endSessions(tx: Tx, staffId: string, because: SessionEnd, now: Date): Promise<void> {
  await tx
    .updateTable('auth.session')
    .set({ endedAt: now, endedBecause: because })
    .where('staffId', '=', staffId)
    .where('endedAt', 'is', null)
    .execute()
}

/** Deletes counts that no longer matter and sessions that ended long ago; their audit entries stay. Answers how many rows went. */
export async function forgetOldSignIns({ db, clock }: Pick<SessionDeps, 'db' | 'clock'>): Promise<number> {
  const before = (days: number) => new Date(clock.now().getTime() - days * DAY_MS).toISOString()
  const sessions = await db
    .deleteFrom('auth.session')
    .where('id', 'in', db.selectFrom('auth.session').select('id').where('expiresAt', '<', before(30)).limit(MAX_FORGOTTEN))
    .executeTakeFirst()
  const attempts = await db
    .deleteFrom('auth.attempt')
    .where('key', 'in', db.selectFrom('auth.attempt').select('key').where('since', '<', before(2)).limit(MAX_FORGOTTEN))
    .executeTakeFirst()
  return Number(sessions.numDeletedRows + attempts.numDeletedRows)
}

function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** PostgreSQL refuses NUL in text, and control characters have no place in a list of sessions. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}
