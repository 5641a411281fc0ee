import { Refusal, View } from '@gonio/sdk'
import type { Coverage } from '@gonio/sdk'
import { z } from 'zod'

import { Snapshot } from './benefits/index.ts'
import { showSnapshot } from './card.ts'
import type { EligibilityRun } from './verify.ts'

export const CardInput = z.object({ patientId: z.uuid() })
export const CardOutput = z.object({ view: View })

/** Most coverages shown; patients have one to three. */
const MAX_COVERAGES = 4

/** The latest answer for each coverage of the patient, primary first. */
export async function showCard({ patientId }: z.infer<typeof CardInput>, run: EligibilityRun): Promise<z.infer<typeof CardOutput>> {
  const coverages = [...(await run.chart.coverages({ patientId }))].sort((a, b) => a.rank - b.rank).slice(0, MAX_COVERAGES)
  if (coverages.length === 0) {
    return {
      view: {
        kind: 'empty',
        title: 'No coverage',
        hint: 'Add the insurance card of the patient; the payer is asked when a visit is booked.',
      },
    }
  }
  const children: View[] = []
  for (const coverage of coverages) children.push(await showCoverage(coverage, run))
  return { view: { kind: 'stack', children } }
}

async function showCoverage(coverage: Coverage, run: EligibilityRun): Promise<View> {
  const rows = await run.tables
    .selectFrom('eligibility_check')
    .select(['checked_at', 'outcome', 'snapshot', 'rail'])
    .where('coverage_id', '=', coverage.id)
    .orderBy('checked_at', 'desc')
    .limit(1)
    .execute()
  const check = rows[0]
  const ask: View = { kind: 'action', label: 'Ask the payer now', procedure: 'eligibility.verify-now', input: { coverageId: coverage.id } }
  if (check === undefined) {
    const empty: View = { kind: 'empty', title: 'Not verified yet', hint: 'The payer is asked when a visit is booked, or now.' }
    return { kind: 'card', title: coverage.payerName.slice(0, 120), tone: 'warn', children: [empty, ask] }
  }
  const at = new Date(check.checked_at).toISOString()
  const from = check.rail === 'simulator' ? `Answer of the built-in simulator, not of a payer, at ${at}` : `Answer of the payer at ${at}`
  const told: View = {
    kind: 'text',
    text: check.outcome === 'unreachable' ? `The payer could not be reached at ${at}; it is asked again by itself.` : from,
  }
  const snapshot = Snapshot.safeParse(check.snapshot)
  const shown: View =
    snapshot.success && check.outcome !== 'unreachable'
      ? showSnapshot(snapshot.data, coverage.payerName)
      : { kind: 'text', text: 'There is no answer to show.', tone: 'warn' }
  return { kind: 'stack', children: [shown, told, ask] }
}

export const VerifyNowInput = z.object({ coverageId: z.uuid() })
export const VerifyNowOutput = z.object({ queued: z.boolean() })

export async function verifyNow(
  { coverageId }: z.infer<typeof VerifyNowInput>,
  run: EligibilityRun,
): Promise<z.infer<typeof VerifyNowOutput>> {
  const coverage = await run.chart.coverage(coverageId)
  if (coverage.memberId === '') throw new Refusal('invalid-input', 'The coverage has no member id. Add it before asking the payer.')
  run.enqueue('eligibility.verify', { coverageId, force: true }, { key: `verify-now:${coverageId}` })
  return { queued: true }
}
