import { z } from 'zod'

const Day = z.iso.date()

/** A drafted plan of care, before any person saw it. */
export const PlanDraft = z.object({
  /** Key of the template, null when none fits and the plan is written by hand. */
  template: z.string().nullable(),
  because: z.array(z.string()),
  plan: z
    .object({
      condition: z.string(),
      diagnoses: z.array(z.string()),
      frequencyPerWeek: z.number(),
      durationWeeks: z.number(),
      minutesPerVisit: z.number(),
      interventions: z.array(z.object({ key: z.string(), title: z.string(), why: z.string() })),
      precautions: z.array(z.string()),
      certifiedFrom: Day,
      certifiedTo: Day,
    })
    .nullable(),
  goals: z.array(
    z.object({
      label: z.string(),
      term: z.enum(['short', 'long']),
      text: z.string(),
      measurementCode: z.string(),
      baseline: z.number(),
      target: z.number(),
      direction: z.enum(['up', 'down']),
      targetDate: Day,
      /** The measurement the baseline comes from. */
      measurementId: z.string(),
      source: z.string(),
    }),
  ),
  /** What a plan of care must have and this draft lacks; the PT fills it in before approval. */
  missing: z.array(z.string()),
  /** What the PT should look at. */
  notices: z.array(z.string()),
  evidence: z.array(
    z.object({
      kind: z.enum(['episode', 'visit', 'measurement', 'rule']),
      id: z.string(),
      path: z.string().exactOptional(),
      label: z.string().exactOptional(),
    }),
  ),
})
export type PlanDraft = z.infer<typeof PlanDraft>
export type GoalDraft = PlanDraft['goals'][number]
