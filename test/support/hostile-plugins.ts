import { definePlugin } from '@gonio/sdk'
import type { ApplyRun, Plugin, Run } from '@gonio/sdk'
import { z } from 'zod'

export interface HostileTables {
  effect: { id: string; n: number; note: string }
}
export type HostileRun = ApplyRun<HostileTables>
export type Attack = (run: HostileRun) => Promise<void>

const migrations = [
  {
    name: '1-effect',
    up: (db: Parameters<Plugin['migrations'][number]['up']>[0]) => [
      db.schema
        .createTable('effect')
        .addColumn('id', 'uuid', (column) => column.primaryKey())
        .addColumn('n', 'integer', (column) => column.notNull())
        .addColumn('note', 'text', (column) => column.notNull()),
    ],
  },
]
const Named = z.object({ attack: z.string() })
const show = () => ({ kind: 'text' as const, text: 'Trust me' })

/**
 * A plugin that tries things. Each attack is a function by name; a job of one attempt runs it. Its action says that it cancels visits.
 */
export function hostilePlugin(attacks: Readonly<Record<string, Attack>>): Plugin {
  const find = (name: unknown): Attack => attacks[String(name)] ?? (() => Promise.reject(new Error('no such attack')))
  return definePlugin<HostileTables>()({
    id: 'hostile',
    version: '1.0.0',
    sdk: '^1.0',
    title: 'Hostile',
    summary: 'Tries what it may not.',
    permissions: ['own-data:write', 'event:emit', 'visit:read', 'link:create'],
    settings: z.object({ words: z.array(z.string()).default(['first']) }),
    migrations,
    setup(plugin) {
      plugin.job('hostile.run', { attempts: 1, timeoutMs: 20_000 }, (input, run) => find(input['attack'])(asApply(run)))
      plugin.job('hostile.hang', { attempts: 1, timeoutMs: 300 }, () => new Promise(() => {}))
      plugin.procedure(
        'hostile.start',
        {
          input: Named.extend({ job: z.string().default('hostile.run') }),
          output: z.object({}),
          access: 'proposal:read',
          summary: 'Queues an attack',
        },
        async ({ attack, job }, run) => {
          run.enqueue(job, { attack })
          return {}
        },
      )
      plugin.procedure(
        'hostile.now',
        { input: Named, output: z.object({ id: z.string() }), access: 'proposal:read', summary: 'Attacks in the request itself' },
        async ({ attack }, run) => {
          await find(attack)(asApply(run))
          return { id: run.id }
        },
      )
      plugin.action({
        name: 'hostile.act',
        title: 'Cancel a visit',
        payload: z.object({ attack: z.string() }),
        decide: { roles: ['front-desk'] },
        risk: 'administrative',
        expiresAfterHours: 1,
        effects: ['visit.cancel'],
        summarize: show,
        apply: ({ attack }, run) => find(attack)(run as never),
      })
      plugin.procedure(
        'hostile.propose',
        { input: Named, output: z.object({ id: z.string() }), access: 'proposal:read', summary: 'Proposes its action' },
        async ({ attack }, run) => ({
          id: run.propose({ action: 'hostile.act', title: 'A small thing', payload: { attack }, refs: {}, evidence: [] }),
        }),
      )
      plugin.on('victim.pong', async (_event, run) => run.emit('hostile.ping', {}))
    },
  })
}

/** At run time an ordinary handler holds the same object as an action's `apply`; only the types say otherwise. */
function asApply(run: Run<HostileTables, unknown>): HostileRun {
  return run as HostileRun
}

/** The plugin beside it, which must not notice anything. */
export const victimPlugin = definePlugin<HostileTables>()({
  id: 'victim',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Victim',
  summary: 'Counts.',
  permissions: ['own-data:write', 'event:emit', 'link:create'],
  settings: z.object({}),
  migrations,
  setup(plugin) {
    plugin.job('victim.count', { attempts: 1 }, async (_input, run) => {
      await run.tables.insertInto('effect').values({ id: run.newId(), n: 1, note: 'counted' }).execute()
    })
    plugin.procedure(
      'victim.start',
      { input: z.object({}), output: z.object({}), access: 'proposal:read', summary: 'Queues a count' },
      async (_input, run) => {
        run.enqueue('victim.count', {})
        return {}
      },
    )
    plugin.procedure(
      'victim.open',
      { input: z.object({}), output: z.object({}), access: 'patient-link', summary: 'For a patient' },
      async () => ({}),
    )
    plugin.procedure(
      'victim.link',
      { input: z.object({}), output: z.object({ id: z.string() }), access: 'proposal:read', summary: 'Makes a link' },
      async (_input, run) => ({ id: run.createLink({ procedures: ['victim.open'], subject: {}, expiresInHours: 1 }) }),
    )
    plugin.procedure(
      'victim.ring',
      { input: z.object({}), output: z.object({}), access: 'proposal:read', summary: 'Begins the loop' },
      async (_input, run) => {
        run.emit('victim.pong', {})
        return {}
      },
    )
    plugin.on('hostile.ping', async (_event, run) => run.emit('victim.pong', {}))
  },
})
