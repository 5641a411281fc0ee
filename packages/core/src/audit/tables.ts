import type { Refs } from '@gonio/sdk'
import type { Generated } from 'kysely'

export type ActorKind = 'staff' | 'patient' | 'plugin' | 'system'
export type Detail = Readonly<Record<string, string | number | boolean | null>>

export interface AuditEntryTable {
  organizationId: string
  id: string
  /** PostgreSQL's xid8 as text: it does not fit a number in theory. */
  xid: Generated<string>
  occurredAt: string
  actorKind: ActorKind
  actorId: string | null
  action: string
  refs: Refs
  correlationId: string
  causationId: string | null
  detail: Detail
  salt: Buffer
  body: Buffer
  leaf: Buffer
  patientId: Generated<string | null>
}

export interface AuditSealedTable {
  organizationId: string
  seq: number
  entryId: string
  leaf: Buffer
}

export interface AuditNodeTable {
  organizationId: string
  level: number
  index: number
  hash: Buffer
}

export interface AuditCheckpointTable {
  organizationId: string
  size: number
  root: Buffer
  note: string
  edge: Buffer
  floor: string
  createdAt: string
}

declare module '../db/database.ts' {
  interface Database {
    'audit.entry': AuditEntryTable
    'audit.sealed': AuditSealedTable
    'audit.node': AuditNodeTable
    'audit.checkpoint': AuditCheckpointTable
  }
}
