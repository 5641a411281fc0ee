import type { Migration } from '@gonio/sdk'
import type { ColumnType } from 'kysely'

/** One question to a payer and its answer: the raw text, what was read from it, and what became of it. */
export interface EligibilityCheck {
  id: string
  coverage_id: string
  patient_id: string
  checked_at: ColumnType<Date | string, string, never>
  rail: string
  attempt: number
  outcome: 'answered' | 'rejected' | 'unreachable'
  status: 'active' | 'inactive' | 'unknown'
  raw_text: string
  snapshot: ColumnType<unknown, string, never>
  finding_count: number
}

export interface EligibilityTables {
  eligibility_check: EligibilityCheck
}

export const migrations: readonly Migration[] = [
  {
    name: '0001-check',
    up: (db) => [
      db.schema
        .createTable('eligibility_check')
        .addColumn('id', 'uuid', (column) => column.primaryKey())
        .addColumn('coverage_id', 'uuid', (column) => column.notNull())
        .addColumn('patient_id', 'uuid', (column) => column.notNull())
        .addColumn('checked_at', 'timestamptz', (column) => column.notNull())
        .addColumn('rail', 'text', (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('outcome', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('raw_text', 'text', (column) => column.notNull())
        .addColumn('snapshot', 'jsonb', (column) => column.notNull())
        .addColumn('finding_count', 'integer', (column) => column.notNull()),
      db.schema.createIndex('eligibility_check_by_coverage').on('eligibility_check').columns(['coverage_id', 'checked_at']),
    ],
  },
]
