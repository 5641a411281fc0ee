import { Refusal } from '@gonio/sdk'
import type { ActionDefinition, ApplyRun, View } from '@gonio/sdk'

import { endCertification } from './certification.ts'
import { titleDiagnosis } from './diagnoses.ts'
import { PlanPayload } from './plan-payload.ts'
import type { PlanningSettings } from './settings.ts'
import type { PlanningTables } from './tables.ts'

export const approvePlan: ActionDefinition<PlanPayload, PlanningTables, PlanningSettings> = {
  name: 'plan.approve',
  title: 'Approve a plan of care',
  payload: PlanPayload,
  decide: { roles: ['therapist'], licenses: ['PT'] },
  risk: 'clinical',
  expiresAfterHours: 24 * 14,
  effects: ['episode.plan', 'goal.set'],
  summarize: summarizePlan,
  apply: applyPlan,
}

async function applyPlan(payload: PlanPayload, run: ApplyRun<PlanningTables, PlanningSettings>): Promise<void> {
  const [episode, existing] = await Promise.all([run.chart.episode(payload.episodeId), run.chart.goals({ episodeId: payload.episodeId })])
  if (episode.state === 'discharged') throw new Refusal('wrong-state', 'This episode is discharged: open a new one before planning.')
  const used = new Set(existing.map((goal) => goal.label))
  const twice = payload.goals.find((goal) => used.has(goal.label))
  if (twice !== undefined)
    throw new Refusal('already-exists', `The label ${twice.label} was used in this episode before. Give the goal the next free number.`)
  if (payload.goals.some((goal) => goal.patientId !== episode.patientId))
    throw new Refusal('invalid-input', 'A goal names another patient than the episode. Propose the plan again.')
  run.change({
    kind: 'episode.plan',
    id: payload.episodeId,
    version: payload.version,
    plan: {
      ...payload.plan,
      diagnoses: payload.diagnoses,
      precautions: payload.plan.precautions.filter((line) => !line.startsWith('MISSING: ')),
      certifiedTo: endCertification(payload.plan.certifiedFrom, payload.plan.durationWeeks),
    },
    diagnoses: payload.diagnoses,
  })
  for (const goal of payload.goals) run.change({ kind: 'goal.set', goal })
  await run.tables.updateTable('draft').set({ state: 'approved' }).where('episode_id', '=', payload.episodeId).execute()
}

/** What the PT sees before deciding. Drafts may be incomplete, so nothing here relies on more than the payload's shape. */
export function summarizePlan(payload: PlanPayload): View {
  const { plan, goals, diagnoses } = payload
  const missing = plan.precautions.filter((line) => line.startsWith('MISSING: ')).map((line) => line.slice('MISSING: '.length))
  const visits = Math.round(plan.frequencyPerWeek * plan.durationWeeks)
  return {
    kind: 'stack',
    children: [
      ...(missing.length === 0
        ? []
        : [{ kind: 'text' as const, tone: 'warn' as const, text: `Fill in before approving: ${missing.join(' ')}` }]),
      {
        kind: 'key-value',
        rows: [
          { label: 'Condition', value: plan.condition },
          { label: 'Diagnoses', value: diagnoses.length === 0 ? 'none yet' : diagnoses.map(titleDiagnosis).join('; ') },
          {
            label: 'Frequency and duration',
            value: `${plan.frequencyPerWeek} visits a week for ${plan.durationWeeks} weeks (${visits} visits of ${plan.minutesPerVisit} min)`,
          },
          {
            label: 'Certification',
            value: `${plan.certifiedFrom} to ${plan.certifiedTo}`,
            note: 'End of duration, at most 90 days after the evaluation',
          },
        ],
      },
      {
        kind: 'table',
        caption: 'Goals',
        columns: [
          { key: 'label', label: 'Goal' },
          { key: 'text', label: 'Text' },
          { key: 'baseline', label: 'Baseline', as: 'number' },
          { key: 'target', label: 'Target', as: 'number' },
          { key: 'by', label: 'By', as: 'date' },
        ],
        rows: goals.map((goal) => ({
          label: goal.label,
          text: goal.text,
          baseline: goal.baseline,
          target: goal.target,
          by: goal.targetDate,
        })),
      },
      {
        kind: 'table',
        caption: 'Interventions',
        columns: [
          { key: 'title', label: 'Intervention' },
          { key: 'why', label: 'Why' },
        ],
        rows: plan.interventions.map(({ title, why }) => ({ title, why })),
      },
      {
        kind: 'table',
        caption: 'Precautions',
        columns: [{ key: 'text', label: 'Precaution' }],
        rows: plan.precautions.filter((line) => !line.startsWith('MISSING: ')).map((text) => ({ text })),
      },
    ],
  }
}
