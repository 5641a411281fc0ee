/**
 * Owns the draft of a plan of care and its goals after an evaluation, and the rules a plan must meet to be approved.
 * It never approves, never invents a diagnosis, and never changes a plan in force.
 * Called by the kernel on `evaluation.completed`, when a PT decides `plan.approve`, and for the episode's tab.
 */
import { definePlugin, View } from '@gonio/sdk'
import { z } from 'zod'

import { approvePlan } from './approve-plan.ts'
import { draftPlan } from './draft-plan.ts'
import { PlanFacts } from './facts.ts'
import { PlanDraft } from './plan-draft.ts'
import { showPlan } from './plan-view.ts'
import { proposePlan } from './propose-plan.ts'
import { PlanningSettings } from './settings.ts'
import { migrations } from './tables.ts'
import type { PlanningTables } from './tables.ts'

export const planningPlugin = definePlugin<PlanningTables>()({
  id: 'planning',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Plan of care',
  summary: 'Drafts a plan of care with measurable goals after the evaluation; a PT edits and approves it.',
  permissions: [
    'clinic:read',
    'episode:read',
    'episode:propose',
    'visit:read',
    'measurement:read',
    'goal:read',
    'goal:propose',
    'own-data:write',
    'event:emit',
    'ui:contribute',
  ],
  settings: PlanningSettings,
  migrations,
  setup(plugin) {
    plugin.on('evaluation.completed', proposePlan)
    plugin.action(approvePlan)
    plugin.procedure(
      'planning.draft',
      { input: PlanFacts, output: PlanDraft, access: 'pure', summary: 'Drafts a plan of care from the facts of an evaluation' },
      draftPlan,
    )
    plugin.procedure(
      'planning.plan-view',
      {
        input: z.object({ episodeId: z.uuid() }),
        output: z.object({ view: View }),
        access: 'goal:read',
        summary: 'The plan of care of an episode',
      },
      showPlan,
    )
    plugin.view({ id: 'plan', slot: 'episode.tab/v1', title: 'Plan of care', procedure: 'planning.plan-view' })
  },
})
