import type { Coverage, NewCoverage } from '@gonio/sdk'

import type { Tx } from '../db/index.ts'
import { assertOneRow, notFound } from './change.ts'
import type { ChangeContext, Changed } from './change.ts'

const COLUMNS = [
  'id',
  'version',
  'patientId',
  'payerId',
  'payerName',
  'memberId',
  'groupNumber',
  'rank',
  'status',
  'benefits',
  'verifiedAt',
] as const

export async function addCoverage(tx: Tx, context: ChangeContext, coverage: NewCoverage): Promise<Changed> {
  const { id, patientId, payerId, payerName, memberId, groupNumber, rank } = coverage
  await tx
    .insertInto('chart.coverage')
    .values({
      id,
      patientId,
      payerId,
      payerName,
      memberId,
      groupNumber,
      rank,
      organizationId: context.organizationId,
      status: 'unverified',
      benefits: null,
      verifiedAt: null,
    })
    .execute()
  const refs = { patientId, coverageId: id }
  return { refs, events: [{ type: 'coverage.added', refs }] }
}

export async function updateCoverage(
  tx: Tx,
  context: ChangeContext,
  change: { id: string; version: number; status: Coverage['status']; benefits: Readonly<Record<string, unknown>> },
): Promise<Changed> {
  const before = await readCoverage(tx, change.id)
  const result = await tx
    .updateTable('chart.coverage')
    .set({ status: change.status, benefits: JSON.stringify(change.benefits), verifiedAt: context.now, version: change.version + 1 })
    .where('id', '=', change.id)
    .where('version', '=', change.version)
    .executeTakeFirst()
  assertOneRow(result.numUpdatedRows, 'coverage')
  const refs = { patientId: before.patientId, coverageId: change.id }
  return { refs, events: [{ type: 'coverage.verified', refs }] }
}

export async function readCoverage(tx: Tx, id: string): Promise<Coverage> {
  const [row] = await readCoveragesById(tx, [id])
  if (row === undefined) throw notFound('coverage')
  return row
}

/** Those of the ids that exist here, in any order. */
export function readCoveragesById(tx: Tx, ids: readonly string[]): Promise<readonly Coverage[]> {
  return tx.selectFrom('chart.coverage').select(COLUMNS).where('id', 'in', ids).execute()
}

export async function readCoverages(tx: Tx, patientId: string): Promise<readonly Coverage[]> {
  return tx
    .selectFrom('chart.coverage')
    .select(COLUMNS)
    .where('patientId', '=', patientId)
    .orderBy('rank')
    .orderBy('id')
    .limit(50)
    .execute()
}
