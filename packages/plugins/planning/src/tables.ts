import type { Migration } from '@gonio/sdk'
import type { ColumnType } from 'kysely'

/** What became of one evaluation: the draft's template, what it lacks, what to look at. No copy of the plan itself: that is the proposal's. */
export interface DraftTable {
  id: string
  episode_id: string
  visit_id: string
  state: 'proposed' | 'by-hand' | 'approved'
  template: string | null
  missing: ColumnType<string[], string, string>
  notices: ColumnType<string[], string, string>
  because: ColumnType<string[], string, string>
  created_at: ColumnType<string | Date, string, string>
}

export interface PlanningTables {
  draft: DraftTable
}

export const migrations: readonly Migration[] = [
  {
    name: '0001-draft',
    up: (db) => [
      db.schema
        .createTable('draft')
        .addColumn('id', 'uuid', (column) => column.primaryKey())
        .addColumn('episode_id', 'uuid', (column) => column.notNull())
        .addColumn('visit_id', 'uuid', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('template', 'text')
        .addColumn('missing', 'jsonb', (column) => column.notNull())
        .addColumn('notices', 'jsonb', (column) => column.notNull())
        .addColumn('because', 'jsonb', (column) => column.notNull())
        .addColumn('created_at', 'timestamptz', (column) => column.notNull()),
      db.schema.createIndex('draft_by_episode').on('draft').columns(['episode_id', 'created_at']),
    ],
  },
]
