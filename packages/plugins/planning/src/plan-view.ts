import type { Episode, Goal, Run, View } from '@gonio/sdk'

import { titleDiagnosis } from './diagnoses.ts'
import type { PlanningSettings } from './settings.ts'
import type { PlanningTables } from './tables.ts'

interface Draft {
  readonly state: 'proposed' | 'by-hand' | 'approved'
  readonly template: string | null
  readonly missing: readonly string[]
  readonly notices: readonly string[]
  readonly because: readonly string[]
}

/** The episode's tab: the plan in force with its goals, or the state of the draft and what it still lacks. */
export async function showPlan(input: { episodeId: string }, run: Run<PlanningTables, PlanningSettings>): Promise<{ view: View }> {
  const [episode, goals, drafts] = await Promise.all([
    run.chart.episode(input.episodeId),
    run.chart.goals({ episodeId: input.episodeId }),
    run.tables.selectFrom('draft').selectAll().where('episode_id', '=', input.episodeId).orderBy('created_at', 'desc').limit(1).execute(),
  ])
  return { view: viewPlan(episode, goals, drafts[0]) }
}

export function viewPlan(episode: Episode, goals: readonly Goal[], draft: Draft | undefined): View {
  const children: View[] = []
  if (episode.plan === null && draft === undefined) {
    return { kind: 'empty', title: 'No plan of care yet', hint: 'A draft appears here when the evaluation is completed.' }
  }
  if (episode.plan !== null) children.push(planCard(episode.plan, goals))
  if (draft !== undefined && draft.state !== 'approved') children.push(draftCard(draft))
  return { kind: 'stack', title: 'Plan of care', children }
}

function planCard(plan: NonNullable<Episode['plan']>, goals: readonly Goal[]): View {
  return {
    kind: 'card',
    title: plan.condition,
    children: [
      {
        kind: 'key-value',
        rows: [
          { label: 'Diagnoses', value: plan.diagnoses.map(titleDiagnosis).join('; ') },
          { label: 'Frequency', value: `${plan.frequencyPerWeek} visits a week for ${plan.durationWeeks} weeks` },
          {
            label: 'Certified',
            value: `${plan.certifiedFrom} to ${plan.certifiedTo}`,
            note: 'No visit after the last day without recertification',
          },
          { label: 'Interventions', value: plan.interventions.map((row) => row.title).join('; ') },
          { label: 'Precautions', value: plan.precautions.join(' ') || 'none stated' },
        ],
      },
      {
        kind: 'table',
        caption: 'Goals',
        columns: [
          { key: 'label', label: 'Goal' },
          { key: 'text', label: 'Text' },
          { key: 'target', label: 'Target', as: 'number' },
          { key: 'by', label: 'By', as: 'date' },
          { key: 'state', label: 'State', as: 'status' },
        ],
        rows: goals.map((goal) => ({ label: goal.label, text: goal.text, target: goal.target, by: goal.targetDate, state: goal.state })),
      },
    ],
  }
}

function draftCard(draft: Draft): View {
  const lines: View[] = draft.missing.map((text) => ({ kind: 'text', text, tone: 'warn' }))
  if (draft.state === 'proposed') {
    lines.unshift({ kind: 'text', text: `A draft from the template ${draft.template ?? ''} waits for a PT. ${draft.because.join('. ')}.` })
  }
  lines.push(...draft.notices.map((text): View => ({ kind: 'text', text })))
  return {
    kind: 'card',
    title: draft.state === 'by-hand' ? 'Write the plan by hand' : 'Draft',
    tone: draft.missing.length > 0 ? 'warn' : 'plain',
    children: lines,
  }
}
