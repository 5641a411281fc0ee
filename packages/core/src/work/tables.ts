import type { Refs } from '@gonio/sdk'
import type { ColumnType, Generated } from 'kysely'

export interface EventTable {
  id: string
  organizationId: string
  type: string
  refs: ColumnType<Refs, string, string>
  occurredAt: string
  correlationId: string
  causationId: string | null
  depth: number
  emittedBy: string
  patientId: Generated<string | null>
  episodeId: Generated<string | null>
  visitId: Generated<string | null>
}

declare module '../identity/tables.ts' {
  interface LinkTable {
    /** The story it belongs to; what the patient does there continues it. */
    correlationId: string | null
  }
}

declare module '../db/database.ts' {
  interface Database {
    'kernel.event': EventTable
  }
}
