/**
 * Eligibility: asks the payer when a visit is booked, reads the 271, proposes what it says for the coverage.
 * It never changes a coverage itself, never guesses a benefit, and reaches no payer but the built-in simulator.
 * The kernel loads it; nothing imports it but the clinic's list of plugins.
 */
import { definePlugin } from '@gonio/sdk'

import { coverageUpdate } from './coverage-update.ts'
import { CardInput, CardOutput, showCard, VerifyNowInput, VerifyNowOutput, verifyNow } from './desk.ts'
import {
  BuildSnapshotInput,
  buildSnapshotOf,
  Read271Input,
  Read271Output,
  readAnswerFile,
  ReadX12Input,
  ReadX12Output,
  readX12File,
} from './procedures.ts'
import { Snapshot } from './benefits/index.ts'
import { EligibilitySettings } from './settings.ts'
import { migrations } from './tables.ts'
import type { EligibilityTables } from './tables.ts'
import { verifyBookedVisit, verifyCoverage } from './verify.ts'

export const eligibilityPlugin = definePlugin<EligibilityTables>()({
  id: 'eligibility',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Eligibility',
  summary: 'Asks the payer, reads the answer line by line, and shows what is certain and what to ask.',
  permissions: ['patient:read', 'coverage:read', 'coverage:propose', 'episode:read', 'own-data:write', 'ui:contribute'],
  settings: EligibilitySettings,
  migrations,
  setup(plugin) {
    plugin.on('visit.booked', verifyBookedVisit)
    plugin.job('eligibility.verify', { timeoutMs: 60_000, attempts: 5 }, verifyCoverage)
    plugin.action(coverageUpdate)
    plugin.procedure(
      'eligibility.read-271',
      {
        input: Read271Input,
        output: Read271Output,
        access: 'pure',
        summary: 'Reads a 271 file into benefit snapshots with sources and certainties',
      },
      readAnswerFile,
    )
    plugin.procedure(
      'eligibility.read-x12',
      { input: ReadX12Input, output: ReadX12Output, access: 'pure', summary: 'Reads any X12 file into envelopes, segments and findings' },
      readX12File,
    )
    plugin.procedure(
      'eligibility.build-snapshot',
      { input: BuildSnapshotInput, output: Snapshot, access: 'pure', summary: 'Builds the snapshot of one person from benefit lines' },
      buildSnapshotOf,
    )
    plugin.procedure(
      'eligibility.card',
      { input: CardInput, output: CardOutput, access: 'coverage:read', summary: 'What the payer says about a patient’s coverages' },
      showCard,
    )
    plugin.procedure(
      'eligibility.verify-now',
      { input: VerifyNowInput, output: VerifyNowOutput, access: 'coverage:write', summary: 'Asks the payer again now' },
      verifyNow,
    )
    plugin.view({ id: 'eligibility-card', slot: 'patient.card/v1', title: 'Eligibility', procedure: 'eligibility.card' })
  },
})
