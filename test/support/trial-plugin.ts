import { definePlugin } from '@gonio/sdk'
import { z } from 'zod'

interface TrialTables {
  effect: { id: string; n: number }
}
const Payload = z.strictObject({ n: z.int().min(0).max(10) })
const show = () => ({ kind: 'text' as const, text: 'A trial' })

/** Proposes what a test asks for. Each application of a proposal leaves one row, and nothing in the table forbids a second one. */
export const trialPlugin = definePlugin<TrialTables>()({
  id: 'trial',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Trial',
  summary: 'Proposals for tests.',
  permissions: ['own-data:write', 'visit:read'],
  settings: z.object({}),
  migrations: [
    {
      name: '1-effect',
      up: (db) => [
        db.schema
          .createTable('effect')
          .addColumn('id', 'uuid', (column) => column.primaryKey())
          .addColumn('n', 'integer', (column) => column.notNull()),
      ],
    },
  ],
  setup(plugin) {
    const rules = {
      'trial.count': { roles: ['front-desk', 'manager'] },
      'trial.pair': { roles: ['front-desk', 'manager'], notProposer: true },
      'trial.sign': { roles: ['therapist'], licenses: ['PT'] },
    } as const
    for (const [name, decide] of Object.entries(rules)) {
      plugin.action({
        name,
        title: name,
        payload: Payload,
        decide,
        risk: 'administrative',
        expiresAfterHours: 1,
        effects: [],
        summarize: show,
        async apply(payload, run) {
          await run.tables.insertInto('effect').values({ id: run.newId(), n: payload.n }).execute()
        },
      })
    }
    plugin.procedure(
      'trial.ask',
      {
        input: z.object({ action: z.string(), n: z.int(), visitId: z.uuid().optional(), key: z.string().optional() }),
        output: z.object({ id: z.string() }),
        access: 'proposal:read',
        summary: 'Proposes',
      },
      async ({ action, n, visitId, key }, run) => {
        if (visitId !== undefined) await run.chart.visit(visitId)
        return {
          id: run.propose({ action, title: 'Trial', payload: { n }, refs: {}, evidence: [], ...(key === undefined ? {} : { key }) }),
        }
      },
    )
  },
})
