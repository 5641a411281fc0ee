import type { StaffRole } from '@gonio/sdk'

import { uuidv7 } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { readOnly } from '../db/index.ts'
import { openTestDatabase } from '../testing/index.ts'
import type { TestDatabase } from '../testing/index.ts'
import { createStaff } from './staff.ts'
import { signIn } from './sign-in.ts'
import type { Credentials, SignInDeps, SignInLimits } from './sign-in.ts'

export const PASSWORD = 'four legs good, two legs better'
export const SYSTEM = { kind: 'system', id: null } as const
export const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** A scratch clinic for the tests of this module: people, a clock that only moves when told, and the audit log. */
export interface TestPeople {
  readonly scratch: TestDatabase
  readonly deps: SignInDeps
  pass(ms: number): void
  /** Far enough for every lock and count of the test before to be over. */
  passDays(): void
  add(roles?: readonly StaffRole[], organizationId?: string): Promise<{ staffId: string; email: string }>
  enter(email: string, more?: Partial<Credentials>): ReturnType<typeof signIn>
  actionsOf(staffId: string): Promise<string[]>
}

export async function openTestPeople(limits: Partial<SignInLimits> = {}): Promise<TestPeople> {
  const scratch = await openTestDatabase()
  let nowMs = Date.parse('2026-03-02T15:00:00Z')
  let people = 0
  const clock: Clock = { now: () => new Date(nowMs), newId: () => uuidv7(Date.now()) }
  const deps: SignInDeps = { db: scratch.db, clock, secret: 'a secret of this test', limits: { failureFloorMs: 0, ...limits } }
  return {
    scratch,
    deps,
    pass: (ms) => {
      nowMs += ms
    },
    passDays: () => {
      nowMs += 3 * DAY_MS
    },
    add: async (roles = ['therapist'], organizationId = scratch.organizationId) => {
      people += 1
      const email = `person${people}@clinic.example`
      const { staffId } = await createStaff(
        scratch.db,
        clock,
        organizationId,
        {
          name: `Person ${people}`,
          email,
          password: PASSWORD,
          roles,
          hours: [{ day: 1, from: 480, to: 1020 }],
          licenses: [{ kind: 'PT', state: 'CO', number: 'PTL.001', expires: '2027-01-31' }],
        },
        SYSTEM,
      )
      return { staffId, email }
    },
    enter: (email, more = {}) => signIn(deps, { email, password: PASSWORD, ip: '192.0.2.7', userAgent: 'test', ...more }),
    actionsOf: (staffId) =>
      readOnly(scratch.db, scratch.organizationId, async (tx) => {
        const entries = await tx.selectFrom('audit.entry').select(['action', 'actorId', 'detail']).orderBy('xid').orderBy('id').execute()
        return entries.filter((entry) => entry.actorId === staffId || entry.detail['staffId'] === staffId).map((entry) => entry.action)
      }),
  }
}

/** The code and words of a refusal, or null when the work went through. */
export async function refusalOf(work: Promise<unknown>): Promise<{ code: string; message: string } | null> {
  return work.then(
    () => null,
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && typeof error.code === 'string') return { code: error.code, message: error.message }
      throw error
    },
  )
}
