import { parseWith } from '@gonio/sdk'
import type { GonioEvent, Run } from '@gonio/sdk'

import { toClinicDate } from './certification.ts'
import { draftPlan } from './draft-plan.ts'
import { PlanFacts } from './facts.ts'
import type { PlanningSettings } from './settings.ts'
import type { PlanningTables } from './tables.ts'

/** On `evaluation.completed`: drafts the plan and proposes it to the PT; without a template it only leaves a note for the episode's tab. */
export async function proposePlan(event: GonioEvent, run: Run<PlanningTables, PlanningSettings>): Promise<void> {
  const { episodeId, visitId } = event.refs
  if (episodeId === undefined || visitId === undefined) return
  const [clinic, episode, visit, measurements, goals] = await Promise.all([
    run.chart.clinic(),
    run.chart.episode(episodeId),
    run.chart.visit(visitId),
    run.chart.measurements({ episodeId }),
    run.chart.goals({ episodeId }),
  ])
  // A plan already in force is changed by the PT, not drafted over.
  if (episode.plan !== null) return
  const evaluation = { id: visit.id, date: toClinicDate(visit.startsAt, clinic.timeZone), remarks: visit.remarks }
  const known = { episode, evaluation, measurements, goals, minutesPerVisit: run.settings.minutesPerVisit }
  const facts = await parseWith(PlanFacts, known, 'The evaluation')
  const draft = draftPlan(facts)
  await run.tables
    .insertInto('draft')
    .values({
      id: run.newId(),
      episode_id: episodeId,
      visit_id: visitId,
      state: draft.plan === null ? 'by-hand' : 'proposed',
      template: draft.template,
      missing: JSON.stringify(draft.missing),
      notices: JSON.stringify(draft.notices),
      because: JSON.stringify(draft.because),
      created_at: run.now,
    })
    .execute()
  if (draft.plan === null) return
  run.propose({
    action: 'plan.approve',
    title: draft.missing.length === 0 ? `Plan of care: ${draft.plan.condition}` : `Plan of care, incomplete: ${draft.plan.condition}`,
    payload: {
      episodeId,
      version: episode.version,
      plan: draft.plan,
      diagnoses: draft.plan.diagnoses,
      goals: draft.goals.map(({ measurementId: _measurement, source: _source, ...goal }) => ({
        id: run.newId(),
        patientId: episode.patientId,
        episodeId,
        ...goal,
      })),
    },
    refs: { patientId: episode.patientId, episodeId, visitId },
    evidence: draft.evidence,
    basedOn: [...new Set([`episode:${episodeId}`, ...draft.goals.map((goal) => `measurement:${goal.measurementId}`)])],
    key: `plan:${episodeId}`,
  })
  run.emit('plan.drafted', { patientId: episode.patientId, episodeId, visitId })
}
