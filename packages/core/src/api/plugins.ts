import { PLUGIN_PERMISSIONS, Refusal, SLOTS, toJson, View } from '@gonio/sdk'
import type { Refs } from '@gonio/sdk'
import { z } from 'zod'

import { appendEntries } from '../audit/index.ts'
import { readOnly, transact } from '../db/index.ts'
import { authorize } from '../identity/index.ts'
import type { Viewer } from '../identity/index.ts'
import { executeProcedure } from '../plugins/index.ts'
import type { Installed } from '../plugins/index.ts'
import { causeOf, commitUnit, MovedFacts } from '../work/index.ts'
import { viewsIn } from './cards.ts'
import { present, RefsShape } from './shapes.ts'
import { router, signedIn, staff } from './trpc.ts'
import type { ApiDeps } from './trpc.ts'

const PluginId = z.string().regex(/^[a-z][a-z0-9-]{1,40}$/)
const MAX_RESTARTS = 5

export const plugins = router({
  list: staff('plugin:read').query(async ({ ctx }) => {
    const installed = await ctx.deps.registry.installed(ctx.viewer.organizationId)
    return { items: [...installed.values()].map(describe) }
  }),

  setEnabled: staff('plugin:manage')
    .input(z.strictObject({ id: PluginId, enabled: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      const now = await ctx.deps.registry.change(ctx.viewer, input.id, { enabled: input.enabled })
      return { state: stateOf(now) }
    }),

  saveSettings: staff('settings:write')
    .input(z.strictObject({ id: PluginId, settings: z.json() }))
    .mutation(async ({ ctx, input }) => {
      const now = await ctx.deps.registry.change(ctx.viewer, input.id, { settings: input.settings })
      return { settings: now.settings }
    }),

  views: signedIn
    .input(z.strictObject({ slot: z.enum(SLOTS) }))
    .query(({ ctx, input }) => viewsIn(ctx.deps, ctx.viewer.organizationId, input.slot)),

  view: signedIn.input(z.strictObject({ plugin: PluginId, viewId: z.string().max(80), refs: RefsShape })).query(async ({ ctx, input }) => {
    const found = (await ctx.deps.registry.installed(ctx.viewer.organizationId))
      .get(input.plugin)
      ?.plugin.views.find((view) => view.id === input.viewId)
    if (found === undefined) throw new Refusal('not-found', 'This plugin has no such view.')
    const refs = present(input.refs)
    const output = await callProcedure(ctx, found.procedure, refs, refs)
    // What a view shows of a patient is a reading of the chart like any other.
    if (refs.patientId !== undefined || refs.episodeId !== undefined) await logReading(ctx, found.procedure, refs)
    return { view: View.parse(Reflect.get(Object(output), 'view')) }
  }),

  invoke: signedIn.input(z.strictObject({ procedure: z.string().max(120), input: z.json() })).mutation(async ({ ctx, input }) => ({
    output: await callProcedure(ctx, input.procedure, input.input, refsIn(input.input)),
  })),
})

/** Calls a procedure as this person: its own right is asked for, its effects are committed. */
async function callProcedure(ctx: { deps: ApiDeps; viewer: Viewer }, procedure: string, input: unknown, refs: Refs): Promise<unknown> {
  const { deps, viewer } = ctx
  const known = deps.registry.plugins.get(procedure.split('.')[0] ?? '')?.procedures.get(procedure)
  if (known === undefined) throw new Refusal('not-found', 'There is no such procedure.')
  if (known.access === 'patient-link') throw new Refusal('not-allowed', 'This procedure is for the holder of a patient link.')
  if (known.access !== 'pure') authorize(viewer, known.access)
  for (let restart = 0; ; restart++) {
    const cause = await readOnly(deps.db, viewer.organizationId, (tx) => causeOf(tx, deps.clock, viewer, refs))
    const { unit, output } = await executeProcedure(deps, { procedure, input, cause, refs, actor: { kind: 'staff', id: viewer.staffId } })
    if (unit.changes.length === 0) return output
    try {
      await commitUnit(deps, unit)
      return output
    } catch (error) {
      if (!(error instanceof MovedFacts) || restart >= MAX_RESTARTS) throw error
    }
  }
}

function logReading({ deps, viewer }: { deps: ApiDeps; viewer: Viewer }, procedure: string, refs: Refs): Promise<unknown> {
  return transact(deps.db, viewer.organizationId, (tx) =>
    appendEntries(
      tx,
      viewer.organizationId,
      [
        {
          actor: { kind: 'staff', id: viewer.staffId },
          action: 'chart.read',
          refs,
          correlationId: deps.clock.newId(),
          causationId: null,
          detail: { procedure },
        },
      ],
      deps.clock,
    ),
  )
}

/** Ids that an input carries by the names of the vocabulary: they tie the call to the story of its episode. */
function refsIn(input: unknown): Refs {
  const parsed = RefsShape.partial().loose().safeParse(input)
  if (!parsed.success) return {}
  const { patientId, episodeId, visitId, coverageId } = parsed.data
  return present({ patientId, episodeId, visitId, coverageId })
}

function stateOf(installed: Installed): 'enabled' | 'disabled' | 'failed' {
  return installed.failure !== null ? 'failed' : installed.enabled ? 'enabled' : 'disabled'
}

function describe(installed: Installed) {
  const { plugin } = installed
  return {
    id: plugin.id,
    title: plugin.title,
    summary: plugin.summary,
    version: plugin.version,
    state: stateOf(installed),
    error: installed.failure,
    permissions: plugin.permissions.map((name) => ({ name, reason: PLUGIN_PERMISSIONS[name], granted: installed.granted.has(name) })),
    settings: installed.settings,
    settingsSchema: toJson(plugin.settings),
    actions: [...plugin.actions.values()].map((action) => ({
      name: action.name,
      title: action.title,
      roles: action.decide.roles,
      licenses: action.decide.licenses ?? [],
    })),
    procedures: [...plugin.procedures].map(([name, { summary, access }]) => ({ name, summary, access })),
    views: plugin.views.map((view) => ({ plugin: plugin.id, viewId: view.id, title: view.title, slot: view.slot })),
    events: plugin.events,
    jobs: [...plugin.jobs.keys()],
  }
}
