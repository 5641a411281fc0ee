import type { ClinicConfig } from '@gonio/core'
import { eligibilityPlugin } from '@gonio/plugin-eligibility'
import { intakePlugin } from '@gonio/plugin-intake'
import { notesPlugin } from '@gonio/plugin-notes'
import { outcomesPlugin } from '@gonio/plugin-outcomes'
import { planningPlugin } from '@gonio/plugin-planning'
import { schedulingPlugin } from '@gonio/plugin-scheduling'

import { DEMO_SIGN_INS } from './people.ts'
import { seedClinic } from './seed.ts'

/** The clinic that `npm start` runs. */
export const clinic: ClinicConfig = {
  plugins: [intakePlugin, eligibilityPlugin, planningPlugin, schedulingPlugin, notesPlugin, outcomesPlugin],
  seed: seedClinic,
  demoSignIns: DEMO_SIGN_INS,
}
