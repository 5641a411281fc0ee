import type { LicenseKind, Refs, StaffMember, StaffRole } from '@gonio/sdk'
import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely'

/** Written as a Date or ISO string, read back as an ISO string. */
type Instant = ColumnType<string, Date | string, Date | string>
type OptionalInstant = ColumnType<string | null, Date | string | null | undefined, Date | string | null>

export interface StaffTable {
  id: string
  organizationId: string
  name: string
  email: string
  roles: StaffRole[]
  hours: JSONColumnType<StaffMember['hours'][number][]>
  active: Generated<boolean>
  version: Generated<number>
}

export interface LicenseTable {
  id: string
  organizationId: string
  staffId: string
  kind: LicenseKind
  state: string
  number: string
  expires: string
  version: Generated<number>
}

export interface LinkTable {
  id: string
  organizationId: string
  plugin: string
  procedures: string[]
  subject: JSONColumnType<Refs, string, string>
  language: 'en' | 'es'
  title: string
  createdBy: string
  createdAt: Instant
  expiresAt: Instant
  closedAt: OptionalInstant
  usedAt: OptionalInstant
  version: Generated<number>
  patientId: GeneratedAlways<string | null>
}

interface UserTable {
  id: string
  email: string
  createdAt: Instant
}

interface AccountTable {
  userId: string
  provider: 'password'
  passwordHash: string
  changedAt: Instant
}

interface MemberTable {
  userId: string
  organizationId: string
  staffId: string
}

interface SessionTable {
  id: string
  tokenSha256: Buffer
  userId: string
  organizationId: string
  staffId: string
  ip: string
  userAgent: string
  createdAt: Instant
  seenAt: Instant
  expiresAt: Instant
  endedAt: OptionalInstant
  endedBecause: ColumnType<SessionEnd | null, SessionEnd | null | undefined, SessionEnd | null>
}

export type SessionEnd = 'signed-out' | 'replaced' | 'deactivated' | 'password-changed' | 'too-many'

interface AttemptTable {
  key: string
  failures: number
  since: Instant
  locks: Generated<number>
  lockedUntil: OptionalInstant
}

/** The tables of 0001-base.sql that this module writes. */
interface TenantTable {
  id: string
}

interface OrganizationTable {
  organizationId: string
  name: string
  timeZone: string
  demo: Generated<boolean>
  version: Generated<number>
}

interface LocationTable {
  id: string
  organizationId: string
  name: string
  state: string
  version: Generated<number>
}

interface RoomTable {
  id: string
  organizationId: string
  locationId: string
  name: string
  kind: string
  version: Generated<number>
}

declare module '../db/database.ts' {
  interface Database {
    'kernel.tenant': TenantTable
    'kernel.organization': OrganizationTable
    'kernel.location': LocationTable
    'kernel.room': RoomTable
    'kernel.staff': StaffTable
    'kernel.license': LicenseTable
    'kernel.link': LinkTable
    'auth.user': UserTable
    'auth.account': AccountTable
    'auth.member': MemberTable
    'auth.session': SessionTable
    'auth.attempt': AttemptTable
  }
}
