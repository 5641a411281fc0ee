import type { Migration } from '@gonio/sdk'

export const migrations: readonly Migration[] = [
  {
    name: '0001-trajectories',
    up: (db) => [
      db.schema
        .createTable('trajectory')
        .addColumn('id', 'uuid', (column) => column.primaryKey())
        .addColumn('episode_id', 'uuid', (column) => column.notNull())
        .addColumn('code', 'text', (column) => column.notNull())
        .addColumn('side', 'text', (column) => column.notNull())
        .addColumn('count', 'integer', (column) => column.notNull())
        .addColumn('verdict', 'text')
        .addColumn('trend', 'text', (column) => column.notNull())
        .addColumn('changed_at', 'timestamptz', (column) => column.notNull())
        .addUniqueConstraint('trajectory_once_a_measure', ['episode_id', 'code', 'side']),
      db.schema
        .createTable('readiness')
        .addColumn('id', 'uuid', (column) => column.primaryKey())
        .addColumn('episode_id', 'uuid', (column) => column.notNull())
        .addColumn('goals', 'text', (column) => column.notNull())
        .addColumn('proposal_id', 'uuid')
        .addColumn('ready_at', 'timestamptz', (column) => column.notNull())
        .addUniqueConstraint('readiness_once_an_episode', ['episode_id']),
    ],
  },
]
