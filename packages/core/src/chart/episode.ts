import { Refusal } from '@gonio/sdk'
import type { Episode, EpisodeState, NewEpisode, PlanOfCare } from '@gonio/sdk'

import type { Tx } from '../db/index.ts'
import { assertOneRow, notFound } from './change.ts'
import type { ChangeContext, Changed } from './change.ts'

/** Which state may follow which. */
export const EPISODE_MOVES: Readonly<Record<EpisodeState, readonly EpisodeState[]>> = {
  referred: ['evaluated', 'active', 'discharged'],
  evaluated: ['active', 'discharged'],
  active: ['active', 'on-hold', 'discharged'],
  'on-hold': ['active', 'discharged'],
  discharged: [],
}

const COLUMNS = [
  'id',
  'version',
  'patientId',
  'state',
  'bodyRegion',
  'side',
  'diagnoses',
  'onsetDate',
  'referredBy',
  'referralDate',
  'coverageId',
  'plan',
  'authorizationNumber',
  'authorizedVisits',
  'authorizedTo',
  'dischargedAt',
] as const

export async function openEpisode(tx: Tx, context: ChangeContext, episode: NewEpisode): Promise<Changed> {
  const { id, patientId, bodyRegion, side, onsetDate, referredBy, referralDate, coverageId } = episode
  await tx
    .insertInto('chart.episode')
    .values({
      id,
      patientId,
      bodyRegion,
      side,
      onsetDate,
      referredBy,
      referralDate,
      coverageId,
      organizationId: context.organizationId,
      state: 'referred',
      diagnoses: JSON.stringify(episode.diagnoses),
      plan: null,
      authorizationNumber: null,
      authorizedVisits: null,
      authorizedTo: null,
      dischargedAt: null,
      openedAt: context.now,
    })
    .execute()
  const refs = { patientId, episodeId: id }
  return { refs, events: [{ type: 'episode.opened', refs }] }
}

/** The evaluation is done: the episode may now get its plan. */
export async function markEvaluated(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('chart.episode')
    .set((row) => ({ state: 'evaluated', version: row('version', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'referred')
    .execute()
}

export async function setPlan(
  tx: Tx,
  change: { id: string; version: number; plan: PlanOfCare; diagnoses: readonly string[] },
): Promise<Changed> {
  const before = await moveable(tx, change.id, 'active')
  const result = await tx
    .updateTable('chart.episode')
    .set({ state: 'active', plan: JSON.stringify(change.plan), diagnoses: JSON.stringify(change.diagnoses), version: change.version + 1 })
    .where('id', '=', change.id)
    .where('version', '=', change.version)
    .executeTakeFirst()
  assertOneRow(result.numUpdatedRows, 'episode')
  const refs = { patientId: before.patientId, episodeId: change.id }
  return { refs, events: [{ type: 'plan.approved', refs }] }
}

export async function dischargeEpisode(tx: Tx, context: ChangeContext, change: { id: string; version: number }): Promise<Changed> {
  const before = await moveable(tx, change.id, 'discharged')
  const result = await tx
    .updateTable('chart.episode')
    .set({ state: 'discharged', dischargedAt: context.now, version: change.version + 1 })
    .where('id', '=', change.id)
    .where('version', '=', change.version)
    .executeTakeFirst()
  assertOneRow(result.numUpdatedRows, 'episode')
  const refs = { patientId: before.patientId, episodeId: change.id }
  return { refs, events: [{ type: 'episode.discharged', refs }] }
}

export async function readEpisode(tx: Tx, id: string): Promise<Episode> {
  const [row] = await readEpisodesById(tx, [id])
  if (row === undefined) throw notFound('episode')
  return row
}

/** Those of the ids that exist here, in any order. */
export function readEpisodesById(tx: Tx, ids: readonly string[]): Promise<readonly Episode[]> {
  return tx.selectFrom('chart.episode').select(COLUMNS).where('id', 'in', ids).execute()
}

export async function readEpisodes(tx: Tx, patientIds: readonly string[]): Promise<readonly Episode[]> {
  if (patientIds.length === 0) return []
  return tx
    .selectFrom('chart.episode')
    .select(COLUMNS)
    .where('patientId', 'in', patientIds)
    .orderBy('openedAt', 'desc')
    .orderBy('id')
    .limit(1_000)
    .execute()
}

async function moveable(tx: Tx, id: string, to: EpisodeState): Promise<Episode> {
  const episode = await readEpisode(tx, id)
  if (!EPISODE_MOVES[episode.state].includes(to)) {
    throw new Refusal('wrong-state', `This episode is ${episode.state}; it cannot become ${to}.`)
  }
  return episode
}
