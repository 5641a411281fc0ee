import { z } from 'zod'

import { findDiagnosisProblem } from './diagnoses.ts'

const Day = z.iso.date()

const Intervention = z.object({ key: z.string().min(1).max(80), title: z.string().min(1).max(200), why: z.string().max(500) })

const ApprovedPlan = z.object({
  condition: z.string().min(1, 'Name the condition.').max(200),
  /** Filled from `diagnoses` on approval. */
  diagnoses: z.array(z.string().max(12)).max(12),
  frequencyPerWeek: z.number().min(0.25, 'Say how many visits a week.').max(7),
  durationWeeks: z.int().min(1, 'Say for how many weeks.').max(52),
  minutesPerVisit: z.int().min(15).max(180),
  interventions: z.array(Intervention).min(1, 'Keep at least one intervention.').max(40),
  precautions: z.array(z.string().max(1_000)).max(60),
  certifiedFrom: Day,
  /** Computed anew on approval, so that an edited duration counts. */
  certifiedTo: Day,
})

const PlannedGoal = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  episodeId: z.uuid(),
  label: z.string().regex(/^(LTG|STG)-\d{1,3}$/, 'A goal label is LTG-1, STG-2 and so on.'),
  term: z.enum(['short', 'long']),
  text: z.string().min(10, 'Say the goal in a sentence.').max(500),
  measurementCode: z.string().min(1).max(60),
  baseline: z.number().nullable(),
  target: z.number(),
  direction: z.enum(['up', 'down']),
  targetDate: Day,
})

/**
 * What a PT approves. A plan of care without diagnosis, long-term goal, frequency or duration is refused here
 * (42 CFR 410.61; CMS Pub 100-02 ch. 15 §220.1.2), so an incomplete draft can be proposed and filled in but never approved as it is.
 */
export const PlanPayload = z
  .object({
    episodeId: z.uuid(),
    version: z.int().min(1),
    plan: ApprovedPlan,
    diagnoses: z.array(z.string().max(12)).min(1, 'Add at least one ICD-10-CM diagnosis.').max(12),
    goals: z.array(PlannedGoal).max(40),
  })
  .superRefine((payload, check) => {
    if (!payload.goals.some((goal) => goal.term === 'long')) {
      check.addIssue({ code: 'custom', path: ['goals'], message: 'Add at least one measurable long-term goal' })
    }
    if (new Set(payload.goals.map((goal) => goal.label)).size !== payload.goals.length) {
      check.addIssue({ code: 'custom', path: ['goals'], message: 'Two goals have one label: give each its own' })
    }
    payload.diagnoses.forEach((code, index) => {
      const problem = findDiagnosisProblem(code, payload.plan.certifiedFrom)
      if (problem !== null) check.addIssue({ code: 'custom', path: ['diagnoses', index], message: problem })
    })
    payload.goals.forEach((goal, index) => {
      if (goal.episodeId !== payload.episodeId)
        check.addIssue({ code: 'custom', path: ['goals', index, 'episodeId'], message: "A goal belongs to the plan's episode" })
      if (goal.targetDate < payload.plan.certifiedFrom)
        check.addIssue({ code: 'custom', path: ['goals', index, 'targetDate'], message: 'The target date lies before the plan starts' })
      const better = goal.baseline === null || (goal.direction === 'up' ? goal.target > goal.baseline : goal.target < goal.baseline)
      if (!better)
        check.addIssue({ code: 'custom', path: ['goals', index, 'target'], message: 'The target must be better than the baseline' })
    })
  })
export type PlanPayload = z.infer<typeof PlanPayload>
