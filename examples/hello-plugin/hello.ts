import { definePlugin, View } from '@gonio/sdk'
import type { ActionDefinition, Migration } from '@gonio/sdk'
import { z } from 'zod'

const Settings = z.object({ text: z.string().max(200).default('Here is your welcome folder.') })
const Welcome = z.object({ patientId: z.uuid(), text: z.string().min(1).max(200) })
interface Tables {
  welcome: { id: string; patient_id: string; text: string; given_by: string }
}

const createWelcome: Migration = {
  name: '0001-welcome',
  up: (db) => [
    db.schema
      .createTable('welcome')
      .addColumn('id', 'uuid', (column) => column.primaryKey())
      .addColumn('patient_id', 'uuid', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('given_by', 'uuid', (column) => column.notNull()),
  ],
}

const giveWelcome: ActionDefinition<z.infer<typeof Welcome>, Tables, z.infer<typeof Settings>> = {
  name: 'hello.give-welcome',
  title: 'Give the welcome folder',
  payload: Welcome,
  decide: { roles: ['front-desk', 'manager'] },
  risk: 'administrative',
  expiresAfterHours: 24 * 14,
  effects: [],
  summarize: ({ text }) => ({ kind: 'text', text }),
  async apply({ patientId, text }, run) {
    await run.tables.insertInto('welcome').values({ id: run.newId(), patient_id: patientId, text, given_by: run.decidedBy }).execute()
  },
}

export const helloPlugin = definePlugin<Tables>()({
  id: 'hello',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Hello',
  summary: 'Proposes a welcome for each new patient; the front desk gives it.',
  permissions: ['patient:read', 'own-data:write', 'ui:contribute'],
  settings: Settings,
  migrations: [createWelcome],
  setup(plugin) {
    plugin.on('patient.registered', async ({ refs }, run) => {
      const patient = await run.chart.patient(z.uuid().parse(refs.patientId))
      run.propose({
        action: giveWelcome.name,
        title: 'Give the welcome folder',
        payload: { patientId: patient.id, text: run.settings.text },
        refs: { patientId: patient.id },
        evidence: [{ kind: 'patient', id: patient.id }],
        key: `welcome:${patient.id}`,
      })
    })
    plugin.action(giveWelcome)
    const shape = { input: z.object({ patientId: z.uuid() }), output: z.object({ view: View }), access: 'patient:read' } as const
    plugin.procedure(
      'hello.card',
      { ...shape, summary: 'The welcome a patient got' },
      async ({ patientId }, run): Promise<{ view: View }> => {
        const given = await run.tables.selectFrom('welcome').select('text').where('patient_id', '=', patientId).executeTakeFirst()
        return { view: { kind: 'stat', label: 'Welcome', value: given?.text ?? 'not yet' } }
      },
    )
    plugin.view({ id: 'hello-card', slot: 'patient.card/v1', title: 'Hello', procedure: 'hello.card' })
  },
})
