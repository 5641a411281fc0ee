import type { Migration } from '@gonio/sdk'
import type { ColumnType } from 'kysely'

import type { NoteKind, StatementFact } from './facts.ts'
import type { Omitted } from './omitted.ts'

/** The draft as it was proposed, and the warnings of the signed text. `id` is the id of the document. */
export interface DraftTable {
  id: string
  episode_id: string
  visit_id: string | null
  kind: NoteKind
  title: string
  statements: ColumnType<StatementFact[], string, string>
  omitted: ColumnType<Omitted[], string, string>
  notices: ColumnType<string[], string, string>
  state: 'proposed' | 'signed'
  created_at: ColumnType<string | Date, string, string>
}

export interface NotesTables {
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
        .addColumn('visit_id', 'uuid')
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('statements', 'jsonb', (column) => column.notNull())
        .addColumn('omitted', 'jsonb', (column) => column.notNull())
        .addColumn('notices', 'jsonb', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('created_at', 'timestamptz', (column) => column.notNull()),
      db.schema.createIndex('draft_by_visit').on('draft').columns(['visit_id', 'created_at']),
    ],
  },
]
