import { definePlugin } from '@gonio/sdk'
import { z } from 'zod'

interface LedgerTables {
  effect: { id: string; measurement_id: string; stage: string }
}

/** Writes one row at each of three stages that follow a measurement: event, job, event of its own. Nothing in its table forbids doubles. */
export const ledgerPlugin = definePlugin<LedgerTables>()({
  id: 'ledger',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Ledger',
  summary: 'Counts effects for the fault tests.',
  permissions: ['own-data:write', 'event:emit', 'measurement:read'],
  settings: z.object({}),
  migrations: [
    {
      name: '1-effect',
      up: (db) => [
        db.schema
          .createTable('effect')
          .addColumn('id', 'uuid', (column) => column.primaryKey())
          .addColumn('measurement_id', 'uuid', (column) => column.notNull())
          .addColumn('stage', 'text', (column) => column.notNull()),
      ],
    },
  ],
  setup(plugin) {
    plugin.on('measurement.recorded', async (event, run) => {
      const { measurementId = '', episodeId = '' } = event.refs
      await run.chart.measurements({ episodeId })
      await run.tables.insertInto('effect').values({ id: run.newId(), measurement_id: measurementId, stage: 'event' }).execute()
      run.enqueue('ledger.follow', { measurementId }, { key: measurementId })
    })
    plugin.job('ledger.follow', {}, async (input, run) => {
      const measurementId = String(input['measurementId'])
      await run.tables.insertInto('effect').values({ id: run.newId(), measurement_id: measurementId, stage: 'job' }).execute()
      run.emit('ledger.followed', { measurementId })
    })
    plugin.on('ledger.followed', async (event, run) => {
      await run.tables
        .insertInto('effect')
        .values({ id: run.newId(), measurement_id: event.refs.measurementId ?? '', stage: 'echo' })
        .execute()
    })
  },
})
export const STAGES = ['event', 'job', 'echo'] as const
