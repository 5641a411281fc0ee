import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { appendEntries } from '../audit/index.ts'
import { transact } from '../db/index.ts'
import { deactivateStaff, forgetOldSignIns, reactivateStaff, signOut, viewerOf } from './index.ts'
import { MINUTE_MS, openTestPeople, refusalOf, SYSTEM } from './test-people.ts'
import type { TestPeople } from './test-people.ts'

let people: TestPeople
beforeAll(async () => {
  people = await openTestPeople()
})
afterAll(() => people.scratch.close())
beforeEach(() => people.passDays())

async function signedIn(): Promise<{ token: string; staffId: string; email: string }> {
  const person = await people.add()
  const { token } = await people.enter(person.email)
  return { ...person, token }
}

const isAlive = async (token: string, options?: { touch?: boolean }): Promise<boolean> =>
  (await viewerOf(people.deps, token, options)) !== null

test('a session ends after 15 idle minutes', async () => {
  const { token } = await signedIn()
  people.pass(15 * MINUTE_MS - 1)
  expect(await isAlive(token)).toBe(true)
  people.pass(15 * MINUTE_MS - 1)
  expect(await isAlive(token)).toBe(true)
  people.pass(15 * MINUTE_MS)
  expect(await isAlive(token)).toBe(false)
})

test('a session ends after 12 hours however busy it is', async () => {
  const { token } = await signedIn()
  for (let at = 0; at < 71; at += 1) {
    people.pass(10 * MINUTE_MS)
    expect(await isAlive(token)).toBe(true)
  }
  people.pass(10 * MINUTE_MS)
  expect(await isAlive(token)).toBe(false)
})

test('a request that the browser makes by itself does not keep a session alive', async () => {
  const { token } = await signedIn()
  for (let at = 0; at < 14; at += 1) {
    people.pass(MINUTE_MS)
    expect(await isAlive(token, { touch: false })).toBe(true)
  }
  people.pass(MINUTE_MS)
  expect(await isAlive(token, { touch: false })).toBe(false)
})

test('the idle time is the one that was configured', async () => {
  const { token } = await signedIn()
  people.pass(3 * MINUTE_MS)
  expect(await viewerOf({ ...people.deps, sessions: { idleMs: 2 * MINUTE_MS } }, token)).toBeNull()
  expect(await isAlive(token)).toBe(true)
})

test('a sign-in never takes over a token that the browser already had', async () => {
  const { email } = await people.add()
  const planted = randomBytes(32).toString('base64url')
  const first = await people.enter(email, { previousToken: planted })
  expect(first.token).not.toBe(planted)
  expect(await isAlive(planted)).toBe(false)
  const second = await people.enter(email, { previousToken: first.token })
  expect(second.token).not.toBe(first.token)
  expect(await isAlive(first.token)).toBe(false)
  expect(await isAlive(second.token)).toBe(true)
})

test('signOut ends the session at once, and only that one', async () => {
  const { token, email, staffId } = await signedIn()
  const other = await people.enter(email)
  await signOut(people.deps, token)
  await signOut(people.deps, token)
  await signOut(people.deps, 'no token')
  expect(await isAlive(token)).toBe(false)
  expect(await isAlive(other.token)).toBe(true)
  expect(await people.actionsOf(staffId)).toEqual(['staff.created', 'staff.signed-in', 'staff.signed-in', 'staff.signed-out'])
})

test('deactivateStaff ends every session at once and no new one can be opened', async () => {
  const { token, staffId, email } = await signedIn()
  const other = await people.enter(email)
  await deactivateStaff(people.scratch.db, people.deps.clock, people.scratch.organizationId, staffId, SYSTEM)
  expect([await isAlive(token), await isAlive(other.token)]).toEqual([false, false])
  expect((await refusalOf(people.enter(email)))?.code).toBe('not-signed-in')
  await reactivateStaff(people.scratch.db, people.deps.clock, people.scratch.organizationId, staffId, SYSTEM)
  expect(await isAlive(token)).toBe(false)
  expect(await refusalOf(people.enter(email))).toBeNull()
})

/** Waits until this many transactions of the scratch database wait for a lock. */
async function untilWaiting(count: number): Promise<void> {
  for (let at = 0; at < 500; at += 1) {
    const waiting = await sql<{
      count: number
    }>`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(people.scratch.db)
    if (waiting.rows[0]?.count === count) return
    await sleep(10)
  }
  throw new Error(`there were never ${count} waiting transactions`)
}

test('a sign-in waits for a deactivation under way and is refused', async () => {
  const { staffId, email } = await people.add()
  const { organizationId, db } = people.scratch
  const entering = await transact(db, organizationId, async (tx) => {
    await tx.updateTable('kernel.staff').set({ active: false }).where('id', '=', staffId).execute()
    await appendEntries(
      tx,
      organizationId,
      [{ actor: SYSTEM, action: 'staff.deactivated', refs: {}, correlationId: staffId, causationId: null }],
      people.deps.clock,
    )
    const refusal = refusalOf(people.enter(email))
    await untilWaiting(1)
    return { refusal }
  })
  expect((await entering.refusal)?.code).toBe('not-signed-in')
})

test('a deactivation waits for a sign-in under way and ends its session', async () => {
  const { staffId, email } = await people.add()
  const { organizationId, db } = people.scratch
  const { entering, leaving } = await db.transaction().execute(async (tx) => {
    // Holds the sign-in at the insert of its session.
    await sql`lock table auth.session in share mode`.execute(tx)
    const entering = people.enter(email)
    await untilWaiting(1)
    const leaving = deactivateStaff(db, people.deps.clock, organizationId, staffId, SYSTEM)
    await untilWaiting(2)
    return { entering, leaving }
  })
  const { token } = await entering
  await leaving
  expect(await isAlive(token)).toBe(false)
  expect(await db.selectFrom('auth.session').select('endedBecause').where('staffId', '=', staffId).execute()).toEqual([
    { endedBecause: 'deactivated' },
  ])
})

test('the eleventh session of a person ends the oldest', async () => {
  const { token, email } = await signedIn()
  for (let at = 0; at < 9; at += 1) {
    people.pass(1_000)
    await people.enter(email)
  }
  expect(await isAlive(token)).toBe(true)
  await people.enter(email)
  expect(await isAlive(token)).toBe(false)
})

test.each(['', 'x', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}'`, '\u0000'.repeat(43)])('viewerOf of %j is null', async (token) => {
  expect(await viewerOf(people.deps, token)).toBeNull()
})

test('forgetOldSignIns deletes only what no longer matters', async () => {
  const { token, email } = await signedIn()
  await refusalOf(people.enter(email, { password: 'not the password at all' }))
  await forgetOldSignIns(people.deps)
  expect(await forgetOldSignIns(people.deps)).toBe(0)
  expect(await isAlive(token)).toBe(true)
  people.pass(40 * 24 * 60 * MINUTE_MS)
  expect(await forgetOldSignIns(people.deps)).toBeGreaterThanOrEqual(2)
  expect(await people.scratch.db.selectFrom('auth.session').select('id').execute()).toEqual([])
})
