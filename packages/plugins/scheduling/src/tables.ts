import type { Migration } from '@gonio/sdk'
import type { ColumnType } from 'kysely'

/** What became of placing one plan: how many visits, and why the others have no slot. */
export interface PlacementTable {
  id: string
  episode_id: string
  placed: number
  unplaced: number
  reasons: ColumnType<{ rule: string; count: number; text: string }[], string, string>
  state: 'proposed' | 'booked' | 'none'
  created_at: ColumnType<string | Date, string, string>
}

export interface SchedulingTables {
  placement: PlacementTable
}

export const migrations: readonly Migration[] = [
  {
    name: '0001-placement',
    up: (db) => [
      db.schema
        .createTable('placement')
        .addColumn('id', 'uuid', (column) => column.primaryKey())
        .addColumn('episode_id', 'uuid', (column) => column.notNull())
        .addColumn('placed', 'integer', (column) => column.notNull())
        .addColumn('unplaced', 'integer', (column) => column.notNull())
        .addColumn('reasons', 'jsonb', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('created_at', 'timestamptz', (column) => column.notNull()),
      db.schema.createIndex('placement_by_episode').on('placement').columns(['episode_id', 'created_at']),
    ],
  },
]
