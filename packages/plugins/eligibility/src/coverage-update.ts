import type { ActionDefinition, View } from '@gonio/sdk'
import { z } from 'zod'

import { Snapshot } from './benefits/index.ts'
import { showSnapshot } from './card.ts'
import type { EligibilitySettings } from './settings.ts'
import type { EligibilityTables } from './tables.ts'

const CoverageUpdate = z.object({
  coverageId: z.uuid(),
  version: z.number().int().min(1),
  status: z.enum(['active', 'inactive', 'unknown']),
  benefits: z.record(z.string(), z.unknown()),
})
type CoverageUpdate = z.infer<typeof CoverageUpdate>

/** Takes over what the payer answered. A person decides, because a 271 may be about another plan or another person. */
export const coverageUpdate: ActionDefinition<CoverageUpdate, EligibilityTables, EligibilitySettings> = {
  name: 'coverage.update',
  title: 'Update coverage from the payer’s answer',
  payload: CoverageUpdate,
  decide: { roles: ['front-desk', 'biller'] },
  risk: 'administrative',
  expiresAfterHours: 7 * 24,
  effects: ['coverage.update'],
  summarize,
  async apply({ coverageId, version, status, benefits }, run) {
    run.change({ kind: 'coverage.update', id: coverageId, version, status, benefits })
  },
}

function summarize({ status, benefits }: CoverageUpdate): View {
  const snapshot = Snapshot.safeParse(benefits)
  const title = `Coverage: ${status}`
  return snapshot.success
    ? showSnapshot(snapshot.data, title)
    : { kind: 'card', title, tone: 'warn', children: [{ kind: 'text', text: 'The benefits are not in the form this plugin writes.' }] }
}
