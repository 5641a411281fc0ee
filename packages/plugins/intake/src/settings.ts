import { z } from 'zod'

/** What a clinic can change. `{}` parses to the defaults. */
export const IntakeSettings = z.object({
  linkHours: z.number().int().min(1).max(336).default(72).describe('How many hours an intake link works'),
  askInsurance: z.boolean().default(true).describe('Ask for the payer and the member id'),
  inviteOnReferral: z.boolean().default(true).describe('Open an interview when a referral arrives'),
})

export type IntakeSettings = z.infer<typeof IntakeSettings>
