import type { ClinicConfig } from '@gonio/core'
import { eligibilityPlugin } from '@gonio/plugin-eligibility'
import { intakePlugin } from '@gonio/plugin-intake'
import { notesPlugin } from '@gonio/plugin-notes'
import { outcomesPlugin } from '@gonio/plugin-outcomes'
import { planningPlugin } from '@gonio/plugin-planning'
import { schedulingPlugin } from '@gonio/plugin-scheduling'

import { DEMO_SIGN_INS } from './people.ts'

/** The clinic that `npm start` runs. */
export const clinic: ClinicConfig = {
  plugins: [intakePlugin, eligibilityPlugin, planningPlugin, schedulingPlugin, notesPlugin, outcomesPlugin],
  // Loaded only when there is something to seed: most commands never need the kernel.
  seed: async (seeding) => (await import('./seed.ts')).seedClinic(seeding),
  demoSignIns: DEMO_SIGN_INS,
}
