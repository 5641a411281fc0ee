import { BODY_REGIONS } from '@gonio/sdk'
import { z } from 'zod'

const Day = z.iso.date()
const Side = z.enum(['left', 'right', 'bilateral', 'none'])

/** What a plan is drafted from: parts of chart rows by their chart names. Unknown members are dropped. */
export const PlanFacts = z.object({
  episode: z.object({
    id: z.uuid(),
    version: z.int().min(1).default(1),
    bodyRegion: z.enum(BODY_REGIONS),
    side: Side,
    diagnoses: z.array(z.string().max(12)).max(12).readonly().default([]),
    onsetDate: Day.nullable().default(null),
    authorizedVisits: z.int().nullable().default(null),
    authorizedTo: Day.nullable().default(null),
  }),
  /** The evaluation visit; `date` is its calendar day at the clinic. */
  evaluation: z.object({
    id: z.uuid(),
    date: Day,
    remarks: z
      .array(z.object({ by: z.enum(['patient', 'clinician']), text: z.string().max(20_000) }))
      .max(100)
      .readonly()
      .default([]),
  }),
  measurements: z
    .array(
      z.object({
        id: z.uuid(),
        code: z.string().max(60),
        value: z.number(),
        side: Side.default('none'),
        takenAt: z.iso.datetime({ offset: true }),
        detail: z.record(z.string(), z.unknown()).nullable().default(null),
      }),
    )
    .max(2_000)
    .readonly()
    .default([]),
  /** Goals the episode already has; their labels are never used again. */
  goals: z
    .array(z.object({ label: z.string().max(20) }))
    .max(200)
    .readonly()
    .default([]),
  minutesPerVisit: z.int().min(15).max(180).default(45),
})
export type PlanFacts = z.infer<typeof PlanFacts>
