import type { GonioEvent } from '@gonio/sdk'

import { startSession } from './session.ts'
import type { IntakeRun } from './session.ts'

/** A referral opens one interview with a link, so that the front desk only has to send it. */
export async function inviteReferred(event: GonioEvent, run: IntakeRun): Promise<void> {
  const { patientId, episodeId } = event.refs
  if (patientId === undefined || !run.settings.inviteOnReferral) return
  const open = await run.tables
    .selectFrom('session')
    .select(['id', 'episode_id'])
    .where('patient_id', '=', patientId)
    .where('state', 'in', ['open', 'stopped', 'completed'])
    .execute()
  if (open.some((session) => session.episode_id === (episodeId ?? null))) return
  const patient = await run.chart.patient(patientId)
  const bodyRegion = episodeId === undefined ? undefined : (await run.chart.episode(episodeId)).bodyRegion
  await startSession({ language: patient.language, bodyRegion, patientId, episodeId }, run)
}
