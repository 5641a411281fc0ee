import { z } from 'zod'

export const PlanningSettings = z.object({
  /** Length of a planned visit. */
  minutesPerVisit: z.int().min(15).max(180).default(45).describe('Minutes of a planned visit'),
})
export type PlanningSettings = z.infer<typeof PlanningSettings>
