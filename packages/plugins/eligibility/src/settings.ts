import { z } from 'zod'

import { SCENARIOS } from './simulator/index.ts'

export const EligibilitySettings = z.object({
  rail: z
    .enum(['simulator'])
    .default('simulator')
    .describe('How payers are asked. Only the built-in simulator is here; it never leaves the machine'),
  freshHours: z.number().int().min(1).max(720).default(72).describe('An answer younger than this is not asked for again'),
  attempts: z.number().int().min(1).max(10).default(4).describe('How often an unreachable payer is asked before a person is told'),
  retryMinutes: z.number().int().min(1).max(1_440).default(15).describe('Wait before the second attempt; doubled each time'),
  placeOfService: z
    .string()
    .regex(/^\d{2}$/)
    .default('11')
    .describe('Where the clinic treats, as payers number it; 11 is an office'),
  networkByPayer: z
    .record(z.string(), z.enum(['in', 'out']))
    .default({})
    .describe('Payer ids whose network the clinic is in or out of; a payer that is not here is unknown'),
  simulator: z
    .object({
      scenario: z.enum(SCENARIOS).default('active-with-limit').describe('What the simulated payer answers'),
      bySuffix: z
        .record(z.string().min(1).max(20), z.enum(SCENARIOS))
        .default({
          '-AUTH': 'authorization-required',
          '-ASK': 'authorization-unclear',
          '-OFF': 'inactive',
          '-404': 'member-not-found',
          '-DOWN': 'payer-down',
        })
        .describe('Other answers for member ids that end like this'),
    })
    .prefault({}),
})
export type EligibilitySettings = z.infer<typeof EligibilitySettings>
