import { LICENSE_KINDS, Refusal, STAFF_ROLES } from '@gonio/sdk'
import type { StaffMember, StaffRole } from '@gonio/sdk'
import { sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { z } from 'zod'

import { appendEntries } from '../audit/index.ts'
import type { ActorKind } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import { isUuid, transact } from '../db/index.ts'
import type { Db, Tx } from '../db/index.ts'
import { accountKey, forgetAttempts } from './attempts.ts'
import { hashPassword } from './password.ts'
import type { ViewerLicense } from './rights.ts'
import { endSessions } from './session.ts'
import { normalizeEmail } from './sign-in.ts'

/** Who asked for a change, as the audit log names them. */
export interface Actor {
  readonly kind: ActorKind
  readonly id: string | null
}

export interface NewStaff {
  readonly name: string
  readonly email: string
  readonly password: string
  readonly roles: readonly StaffRole[]
  readonly licenses: readonly ViewerLicense[]
  /** Weekly hours in clinic time. */
  readonly hours: StaffMember['hours']
}

export interface StaffRecord {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly roles: readonly StaffRole[]
  readonly licenses: readonly ViewerLicense[]
  readonly hours: StaffMember['hours']
  readonly active: boolean
  readonly version: number
}

const MINUTES_A_DAY = 24 * 60
const MAX_STAFF = 1_000

const NewStaffShape = z.object({
  name: z.string().trim().min(1).max(200),
  email: z.string(),
  password: z.string(),
  roles: z.array(z.enum(STAFF_ROLES)).min(1).max(STAFF_ROLES.length),
  licenses: z
    .array(
      z.object({
        kind: z.enum(LICENSE_KINDS),
        state: z.string().regex(/^[A-Z]{2}$/),
        number: z.string().trim().min(1).max(40),
        expires: z.iso.date(),
      }),
    )
    .max(60),
  hours: z
    .array(
      z
        .object({
          day: z.int().min(1).max(7),
          from: z.int().min(0).max(MINUTES_A_DAY),
          to: z.int().min(0).max(MINUTES_A_DAY),
        })
        .refine((hours) => hours.from < hours.to),
    )
    .max(42),
})

/**
 * Adds a member of staff who can sign in at once.
 *
 * @throws Refusal `invalid-input`, naming the field; `already-exists` when someone signs in with that e-mail address
 */
export async function createStaff(db: Db, clock: Clock, organizationId: string, staff: NewStaff, by: Actor): Promise<{ staffId: string }> {
  const { email, password, licenses, hours, ...fields } = parseStaff(staff)
  const passwordHash = await hashPassword(password)
  const [staffId, userId, now] = [clock.newId(), clock.newId(), clock.now()]
  return transact(db, organizationId, async (tx) => {
    const user = await tx
      .insertInto('auth.user')
      .values({ id: userId, email, createdAt: now })
      .onConflict((on) => on.column('email').doNothing())
      .executeTakeFirst()
    if (user.numInsertedOrUpdatedRows === 0n) {
      throw new Refusal('already-exists', 'Someone signs in with this e-mail address already. Use another one.')
    }
    await tx
      .insertInto('kernel.staff')
      .values({ id: staffId, organizationId, email, name: fields.name, roles: fields.roles, hours: JSON.stringify(hours) })
      .execute()
    for (const license of licenses) {
      await tx
        .insertInto('kernel.license')
        .values({ ...license, id: clock.newId(), organizationId, staffId })
        .execute()
    }
    await tx.insertInto('auth.account').values({ userId, provider: 'password', passwordHash, changedAt: now }).execute()
    await tx.insertInto('auth.member').values({ userId, organizationId, staffId }).execute()
    await record(tx, clock, organizationId, by, 'staff.created', { staffId, roles: fields.roles.join(','), licenses: licenses.length })
    return { staffId }
  })
}

/**
 * Ends the access of a member of staff; their sessions are dead with the commit. Doing it twice changes nothing.
 *
 * @throws Refusal `not-found`; `wrong-state` for the last active admin, since nobody could undo it
 */
export async function deactivateStaff(db: Db, clock: Clock, organizationId: string, staffId: string, by: Actor): Promise<void> {
  await transact(db, organizationId, async (tx) => {
    const admins = await tx
      .selectFrom('kernel.staff')
      .select('id')
      .where('active', '=', true)
      .where(sql<boolean>`'admin' = any(roles)`)
      .orderBy('id')
      .forUpdate()
      .execute()
    if (!(await mustFind(tx, staffId)).active) return
    if (admins.length === 1 && admins[0]?.id === staffId) {
      throw new Refusal('wrong-state', 'This is the last active admin. Give someone else the role admin first.')
    }
    // The staff row first: a sign-in that waits for it sees the change, one that was faster is ended below.
    await tx
      .updateTable('kernel.staff')
      .set((eb) => ({ active: false, version: eb('version', '+', 1) }))
      .where('id', '=', staffId)
      .execute()
    await endSessions(tx, staffId, 'deactivated', clock.now())
    await record(tx, clock, organizationId, by, 'staff.deactivated', { staffId })
  })
}

/** Gives a member of staff access again, with the password they had. */
export async function reactivateStaff(db: Db, clock: Clock, organizationId: string, staffId: string, by: Actor): Promise<void> {
  await transact(db, organizationId, async (tx) => {
    if ((await mustFind(tx, staffId)).active) return
    await tx
      .updateTable('kernel.staff')
      .set((eb) => ({ active: true, version: eb('version', '+', 1) }))
      .where('id', '=', staffId)
      .execute()
    await record(tx, clock, organizationId, by, 'staff.reactivated', { staffId })
  })
}

/** Sets a new password and ends every session that was opened with the old one. */
export async function setPassword(
  db: Db,
  clock: Clock,
  organizationId: string,
  staffId: string,
  password: string,
  by: Actor,
): Promise<void> {
  const passwordHash = await hashPassword(password)
  await transact(db, organizationId, async (tx) => {
    await mustFind(tx, staffId)
    const owner = tx.selectFrom('auth.member').select('userId').where('staffId', '=', staffId)
    await tx.updateTable('auth.account').set({ passwordHash, changedAt: clock.now() }).where('userId', '=', owner).execute()
    await endSessions(tx, staffId, 'password-changed', clock.now())
    await record(tx, clock, organizationId, by, 'staff.password-changed', { staffId })
  })
}

/** Opens the door again for someone whose account is locked by failed tries, their own or a stranger's. */
export async function unlockStaff(
  deps: { db: Db; clock: Clock; secret: string },
  organizationId: string,
  staffId: string,
  by: Actor,
): Promise<void> {
  await transact(deps.db, organizationId, async (tx) => {
    const { email } = await mustFind(tx, staffId)
    await forgetAttempts(tx, accountKey(deps.secret, email))
    await record(tx, deps.clock, organizationId, by, 'staff.unlocked', { staffId })
  })
}

/** Everyone of the organization, also who is not active any more, by name. */
export async function readStaff(tx: Tx): Promise<readonly StaffRecord[]> {
  return tx
    .selectFrom('kernel.staff')
    .select((eb) => [
      'id',
      'name',
      'email',
      'roles',
      'hours',
      'active',
      'version',
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
    .orderBy('name')
    .orderBy('id')
    .limit(MAX_STAFF)
    .execute()
}

function parseStaff(staff: NewStaff): z.infer<typeof NewStaffShape> {
  const parsed = NewStaffShape.safeParse(staff)
  const field = parsed.success ? undefined : parsed.error.issues[0]?.path.join('.')
  if (!parsed.success) throw new Refusal('invalid-input', `Check the field ${field ?? ''} of the new member of staff.`, { field })
  const email = normalizeEmail(parsed.data.email)
  if (email === null) throw new Refusal('invalid-input', 'This is not an e-mail address. Check it.', { field: 'email' })
  return { ...parsed.data, email, roles: [...new Set(parsed.data.roles)] }
}

/** Locks the row, so that two changes of one person come one after the other. */
async function mustFind(tx: Tx, staffId: string): Promise<{ active: boolean; email: string }> {
  const found = isUuid(staffId)
    ? await tx.selectFrom('kernel.staff').select(['active', 'email']).where('id', '=', staffId).forUpdate().executeTakeFirst()
    : undefined
  if (found === undefined) throw new Refusal('not-found', 'There is no such member of staff in this organization.')
  return found
}

async function record(
  tx: Tx,
  clock: Clock,
  organizationId: string,
  actor: Actor,
  action: string,
  detail: Record<string, string | number>,
): Promise<void> {
  await appendEntries(tx, organizationId, [{ actor, action, refs: {}, correlationId: clock.newId(), causationId: null, detail }], clock)
}
