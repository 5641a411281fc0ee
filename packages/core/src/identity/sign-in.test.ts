import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { uuidv7 } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { readOnly } from '../db/index.ts'
import { openTestDatabase } from '../testing/index.ts'
import type { TestDatabase } from '../testing/index.ts'
import { createStaff, deactivateStaff, reactivateStaff, setPassword, signIn, signOut, viewerOf } from './index.ts'
import type { Credentials, SignInDeps } from './index.ts'

const PASSWORD = 'four legs good, two legs better'
const SYSTEM = { kind: 'system', id: null } as const
const MINUTE_MS = 60_000

let scratch: TestDatabase
let deps: SignInDeps
let nowMs = Date.parse('2026-03-02T15:00:00Z')
let people = 0

const clock: Clock = { now: () => new Date(nowMs), newId: () => uuidv7(Date.now()) }

beforeAll(async () => {
  scratch = await openTestDatabase()
  deps = { db: scratch.db, clock, secret: 'a secret of this test', limits: { failureFloorMs: 0 } }
})
afterAll(() => scratch.close())
beforeEach(() => {
  // Far enough for every lock and window of the test before to be over.
  nowMs += 48 * 60 * MINUTE_MS
})

async function addPerson(roles: Parameters<typeof createStaff>[3]['roles'] = ['therapist']): Promise<{ staffId: string; email: string }> {
  people += 1
  const email = `person${people}@clinic.example`
  const { staffId } = await createStaff(scratch.db, clock, scratch.organizationId, {
    name: `Person ${people}`, email, password: PASSWORD, roles, hours: [{ day: 1, from: 480, to: 1020 }],
    licenses: [{ kind: 'PT', state: 'CO', number: 'PTL.001', expires: '2027-01-31' }],
  }, SYSTEM)
  return { staffId, email }
}

function enter(email: string, more: Partial<Credentials> = {}): ReturnType<typeof signIn> {
  return signIn(deps, { email, password: PASSWORD, ip: '192.0.2.7', userAgent: 'test', ...more })
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'none', (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)))
}

function actionsOf(staffId: string): Promise<string[]> {
  return readOnly(scratch.db, scratch.organizationId, async (tx) => {
    const entries = await tx.selectFrom('audit.entry').select(['action', 'actorId', 'detail']).orderBy('id').execute()
    return entries.filter((entry) => entry.actorId === staffId || entry.detail['staffId'] === staffId).map((entry) => entry.action)
  })
}

describe('signIn', () => {
  test('signIn opens a session and puts it on record', async () => {
    const { staffId, email } = await addPerson()
    const { token, viewer } = await enter(` ${email.toUpperCase()} `)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(viewer).toMatchObject({
      kind: 'staff', staffId, email, organizationId: scratch.organizationId, roles: ['therapist'],
      licenses: [{ kind: 'PT', state: 'CO', number: 'PTL.001', expires: '2027-01-31' }],
    })
    expect(await viewerOf(deps, token)).toEqual(viewer)
    expect(await actionsOf(staffId)).toEqual(['staff.created', 'staff.signed-in'])
  })
})
