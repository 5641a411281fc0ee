import { z } from 'zod'

/** What a clinic can change. `{}` parses to the defaults. */
export const OutcomesSettings = z.object({
  proposeDischarge: z.boolean().default(true).describe('Propose a discharge when all open goals are met'),
  trendPoints: z.number().int().min(3).max(20).default(6).describe('How many of the latest measurements make the trend'),
})

export type OutcomesSettings = z.infer<typeof OutcomesSettings>
