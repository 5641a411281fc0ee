import { createServer } from 'node:http'

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { transact } from '../db/index.ts'
import { addressOf, deactivateStaff, setPassword, signIn, unlockStaff, viewerOf } from './index.ts'
import { MINUTE_MS, openTestPeople, PASSWORD, refusalOf, SYSTEM } from './test-people.ts'
import type { TestPeople } from './test-people.ts'

const WRONG = { password: 'not the password at all' }

let people: TestPeople
beforeAll(async () => {
  people = await openTestPeople()
})
afterAll(() => people.scratch.close())
beforeEach(() => people.passDays())

/** `count` wrong tries, one after the other. */
async function fail(email: string, count: number): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = []
  for (let at = 0; at < count; at += 1) codes.push((await refusalOf(people.enter(email, WRONG)))?.code)
  return codes
}

test('signIn opens a session and puts it on record', async () => {
  const { staffId, email } = await people.add()
  const { token, viewer } = await people.enter(` ${email.toUpperCase()} `)
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(viewer).toMatchObject({
    kind: 'staff',
    staffId,
    email,
    organizationId: people.scratch.organizationId,
    roles: ['therapist'],
    licenses: [{ kind: 'PT', state: 'CO', number: 'PTL.001', expires: '2027-01-31' }],
  })
  expect(await viewerOf(people.deps, token)).toEqual(viewer)
  expect(await people.actionsOf(staffId)).toEqual(['staff.created', 'staff.signed-in'])
})

test('signIn refuses a wrong password, an unknown account and a deactivated person with the same words', async () => {
  const known = await people.add()
  const gone = await people.add()
  await deactivateStaff(people.scratch.db, people.deps.clock, people.scratch.organizationId, gone.staffId, SYSTEM)
  const refusals = [
    await refusalOf(people.enter(known.email, WRONG)),
    await refusalOf(people.enter('nobody@clinic.example')),
    await refusalOf(people.enter(gone.email)),
    await refusalOf(people.enter('no address\u0000 at all')),
    await refusalOf(people.enter(known.email, { password: '' })),
    await refusalOf(people.enter(known.email, { password: 'x'.repeat(100_000) })),
  ]
  expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1)
  expect(refusals[0]?.code).toBe('not-signed-in')
  expect(await people.actionsOf(gone.staffId)).toEqual(['staff.created', 'staff.deactivated', 'staff.sign-in-failed'])
})

test('signIn works as hard for an unknown account as for a known one, and answers no failure before the floor', async () => {
  const { email } = await people.add()
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    const from = performance.now()
    await refusalOf(work())
    return performance.now() - from
  }
  await people.enter(email)
  const known = await time(() => people.enter(email, WRONG))
  const unknown = await time(() => people.enter('nobody-else@clinic.example', WRONG))
  expect(unknown).toBeGreaterThan(known / 3)
  const slow = { ...people.deps, limits: { failureFloorMs: 700 } }
  const floored = await time(() => signIn(slow, { email: 'nobody@clinic.example', password: PASSWORD, ip: '192.0.2.7', userAgent: 'test' }))
  expect(floored).toBeGreaterThanOrEqual(695)
})

test('an account locks after five failures, also for the right password, and opens after 15 minutes', async () => {
  const { staffId, email } = await people.add()
  expect(await fail(email, 6)).toEqual([...Array<string>(5).fill('not-signed-in'), 'too-many'])
  expect(await refusalOf(people.enter(email))).toEqual({
    code: 'too-many',
    message: 'Too many failed tries. Wait 15 minutes and try again.',
  })
  people.pass(15 * MINUTE_MS - 1)
  expect((await refusalOf(people.enter(email)))?.code).toBe('too-many')
  people.pass(1)
  expect(await refusalOf(people.enter(email))).toBeNull()
  expect(await people.actionsOf(staffId)).toEqual([
    'staff.created',
    ...Array<string>(5).fill('staff.sign-in-failed'),
    'staff.locked',
    'staff.signed-in',
  ])
})

test('a second lock of an account lasts twice as long', async () => {
  const { email } = await people.add()
  await fail(email, 5)
  people.pass(15 * MINUTE_MS)
  await fail(email, 5)
  people.pass(15 * MINUTE_MS)
  expect((await refusalOf(people.enter(email)))?.message).toContain('Wait 15 minutes')
  people.pass(15 * MINUTE_MS)
  expect(await refusalOf(people.enter(email))).toBeNull()
})

test('an unknown account locks like a known one', async () => {
  expect(await fail('ghost@clinic.example', 6)).toEqual([...Array<string>(5).fill('not-signed-in'), 'too-many'])
})

test('a right password forgets the failures before it', async () => {
  const { email } = await people.add()
  await fail(email, 4)
  await people.enter(email)
  expect(await fail(email, 4)).toEqual(Array<string>(4).fill('not-signed-in'))
  expect(await refusalOf(people.enter(email))).toBeNull()
})

test('tries sent at the same moment cannot outrun the lock', async () => {
  const { email } = await people.add()
  const codes = await Promise.all(Array.from({ length: 12 }, () => refusalOf(people.enter(email, WRONG))))
  expect(codes.filter((refusal) => refusal?.code === 'not-signed-in')).toHaveLength(5)
  expect(codes.filter((refusal) => refusal?.code === 'too-many')).toHaveLength(7)
})

test('an address locks for all accounts after its own limit, and right passwords do not count against it', async () => {
  const limited = {
    ...people.deps,
    limits: {
      failureFloorMs: 0,
      address: { failures: 4, windowMs: 15 * MINUTE_MS, countedFrom: 'first' as const, lockMs: 15 * MINUTE_MS, maxLockMs: 15 * MINUTE_MS },
    },
  }
  const { email } = await people.add()
  const from = (ip: string, who: string, password = PASSWORD) => refusalOf(signIn(limited, { email: who, password, ip, userAgent: 'test' }))
  for (let at = 0; at < 5; at += 1) expect(await from('2001:db8:0:1::1', email)).toBeNull()
  for (let at = 0; at < 4; at += 1)
    expect((await from(`2001:db8:0:1::${at + 2}`, `guess${at}@clinic.example`, 'wrong wrong wrong'))?.code).toBe('not-signed-in')
  expect((await from('2001:db8:0:1:ffff::9', email))?.code).toBe('too-many')
  expect(await from('2001:db8:0:2::1', email)).toBeNull()
  people.pass(15 * MINUTE_MS)
  expect(await from('2001:db8:0:1::1', email)).toBeNull()
})

test('headers that claim another address change neither limit', async () => {
  const { email } = await people.add()
  const seen = new Set<string>()
  const server = createServer((request, response) => {
    seen.add(addressOf(request))
    void refusalOf(people.enter(email, { ...WRONG, ip: addressOf(request) })).then((refusal) => response.end(refusal?.code))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port')
  try {
    const codes: string[] = []
    for (let at = 1; at <= 12; at += 1) {
      const spoofed = `198.51.100.${at}`
      const headers = { 'x-forwarded-for': spoofed, 'x-real-ip': spoofed, forwarded: `for=${spoofed}`, 'cf-connecting-ip': spoofed }
      codes.push(await (await fetch(`http://127.0.0.1:${bound.port}`, { headers })).text())
    }
    expect(codes).toEqual([...Array<string>(5).fill('not-signed-in'), ...Array<string>(7).fill('too-many')])
    expect([...seen]).toEqual(['127.0.0.1'])
  } finally {
    server.close()
  }
})

test('unlockStaff opens a locked account at once', async () => {
  const { staffId, email } = await people.add()
  await fail(email, 5)
  await unlockStaff(people.deps, people.scratch.organizationId, staffId, SYSTEM)
  expect(await refusalOf(people.enter(email))).toBeNull()
})

test('setPassword replaces the password and ends the sessions of the old one', async () => {
  const { staffId, email } = await people.add()
  const { token } = await people.enter(email)
  await setPassword(people.scratch.db, people.deps.clock, people.scratch.organizationId, staffId, 'another long sentence', SYSTEM)
  expect(await viewerOf(people.deps, token)).toBeNull()
  expect((await refusalOf(people.enter(email)))?.code).toBe('not-signed-in')
  expect(await refusalOf(people.enter(email, { password: 'another long sentence' }))).toBeNull()
})

test('a write to staff without an audit entry is refused by the database', async () => {
  const { staffId } = await people.add()
  const silent = transact(people.scratch.db, people.scratch.organizationId, (tx) =>
    tx
      .updateTable('kernel.staff')
      .set({ roles: ['admin'] })
      .where('id', '=', staffId)
      .execute(),
  )
  await expect(silent).rejects.toThrow('audit entry')
})
