import { Refusal } from '@gonio/sdk'
import type { Measurement, NewMeasurement } from '@gonio/sdk'

import type { Tx } from '../db/index.ts'
import { sourceOf } from './change.ts'
import type { ChangeContext, Changed } from './change.ts'

const COLUMNS = [
  'id',
  'version',
  'patientId',
  'episodeId',
  'visitId',
  'code',
  'value',
  'unit',
  'side',
  'takenAt',
  'source',
  'detail',
] as const

/** Records one measurement. The visit's version goes up with it: who drafted from the visit must look again. */
export async function recordMeasurement(tx: Tx, context: ChangeContext, measurement: NewMeasurement): Promise<Changed> {
  const { id, patientId, episodeId, visitId, code, value, unit, side, takenAt, detail } = measurement
  if (!Number.isFinite(value)) throw new Refusal('invalid-input', 'A measurement must be a finite number.')
  const episode = await tx.selectFrom('chart.episode').select('patientId').where('id', '=', episodeId).executeTakeFirst()
  if (episode?.patientId !== patientId) throw new Refusal('not-found', 'There is no such episode for this patient.')
  await tx
    .insertInto('chart.measurement')
    .values({
      id,
      patientId,
      episodeId,
      visitId,
      code,
      value,
      unit,
      side,
      takenAt,
      source: sourceOf(context.actor),
      organizationId: context.organizationId,
      detail: detail === null ? null : JSON.stringify(detail),
    })
    .execute()
  if (visitId !== null) {
    const touched = await tx
      .updateTable('chart.visit')
      .set((row) => ({ version: row('version', '+', 1) }))
      .where('id', '=', visitId)
      .where('episodeId', '=', episodeId)
      .executeTakeFirst()
    if (Number(touched.numUpdatedRows) !== 1) throw new Refusal('not-found', 'There is no such visit in this episode.')
  }
  const refs = { patientId, episodeId, measurementId: id, ...(visitId === null ? {} : { visitId }) }
  return { refs, events: [{ type: 'measurement.recorded', refs }] }
}

/** Measurements of an episode or a visit, oldest first; at most 2,000. */
export async function readMeasurements(
  tx: Tx,
  of: { episodeId: string; code?: string | undefined; visitId?: string | undefined },
): Promise<readonly Measurement[]> {
  let find = tx
    .selectFrom('chart.measurement')
    .select(COLUMNS)
    .where('episodeId', '=', of.episodeId)
    .orderBy('takenAt')
    .orderBy('id')
    .limit(2_000)
  if (of.code !== undefined) find = find.where('code', '=', of.code)
  if (of.visitId !== undefined) find = find.where('visitId', '=', of.visitId)
  return find.execute()
}
