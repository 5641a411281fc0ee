import type { Migration } from '@gonio/sdk'

export const migrations: readonly Migration[] = [
  {
    name: '0001-sessions',
    up: (db) => [
      db.schema
        .createTable('session')
        .addColumn('id', 'uuid', (column) => column.primaryKey())
        .addColumn('link_id', 'uuid', (column) => column.notNull().unique())
        .addColumn('language', 'text', (column) => column.notNull())
        .addColumn('body_region', 'text')
        .addColumn('patient_id', 'uuid')
        .addColumn('episode_id', 'uuid')
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('started_at', 'timestamptz', (column) => column.notNull())
        .addColumn('changed_at', 'timestamptz', (column) => column.notNull()),
      db.schema
        .createTable('answer')
        .addColumn('id', 'uuid', (column) => column.primaryKey())
        .addColumn('session_id', 'uuid', (column) => column.notNull())
        .addColumn('question_id', 'text', (column) => column.notNull())
        .addColumn('answer', 'jsonb', (column) => column.notNull())
        .addColumn('earlier', 'jsonb', (column) => column.notNull())
        .addColumn('answered_at', 'timestamptz', (column) => column.notNull())
        .addUniqueConstraint('answer_once_a_question', ['session_id', 'question_id']),
      db.schema
        .createTable('flag')
        .addColumn('id', 'uuid', (column) => column.primaryKey())
        .addColumn('session_id', 'uuid', (column) => column.notNull())
        .addColumn('rule', 'text', (column) => column.notNull())
        .addColumn('rule_version', 'integer', (column) => column.notNull())
        .addColumn('level', 'text', (column) => column.notNull())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('items', 'jsonb', (column) => column.notNull())
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('raised_at', 'timestamptz', (column) => column.notNull())
        .addColumn('resolved_at', 'timestamptz')
        .addColumn('resolved_by', 'uuid')
        .addColumn('note', 'text'),
      db.schema.createIndex('flag_by_session').on('flag').column('session_id'),
      db.schema.createIndex('session_by_state').on('session').columns(['state', 'started_at']),
      db.schema.createIndex('session_by_episode').on('session').column('episode_id'),
    ],
  },
]
