import type { Goal, NewGoal } from '@gonio/sdk'

import type { Tx } from '../db/index.ts'
import { assertOneRow } from './change.ts'
import type { ChangeContext, Changed } from './change.ts'

const COLUMNS = [
  'id',
  'version',
  'patientId',
  'episodeId',
  'label',
  'term',
  'text',
  'measurementCode',
  'baseline',
  'target',
  'direction',
  'targetDate',
  'state',
] as const

export async function setGoal(tx: Tx, context: ChangeContext, goal: NewGoal): Promise<Changed> {
  const { id, patientId, episodeId, label, term, text, measurementCode, baseline, target, direction, targetDate } = goal
  await tx
    .insertInto('chart.goal')
    .values({
      id,
      patientId,
      episodeId,
      label,
      term,
      text,
      measurementCode,
      baseline,
      target,
      direction,
      targetDate,
      organizationId: context.organizationId,
      state: 'open',
    })
    .execute()
  const refs = { patientId, episodeId, goalId: id }
  return { refs, events: [{ type: 'goal.set', refs }] }
}

export async function settleGoal(tx: Tx, change: { id: string; version: number; state: 'met' | 'dropped' }): Promise<Changed> {
  const row = await tx
    .updateTable('chart.goal')
    .set({ state: change.state, version: change.version + 1 })
    .where('id', '=', change.id)
    .where('version', '=', change.version)
    .returning(['patientId', 'episodeId'])
    .executeTakeFirst()
  assertOneRow(row === undefined ? 0 : 1, 'goal')
  const refs = { ...row, goalId: change.id }
  return { refs, events: change.state === 'met' ? [{ type: 'goal.met', refs }] : [] }
}

export async function readGoals(tx: Tx, episodeId: string): Promise<readonly Goal[]> {
  return tx.selectFrom('chart.goal').select(COLUMNS).where('episodeId', '=', episodeId).orderBy('label').limit(200).execute()
}
