import type { ActionDefinition, GonioEvent, Measurement } from '@gonio/sdk'
import { z } from 'zod'

import type { OutcomesRun } from './tables.ts'
import { followGoals, isReadyForDischarge } from './goals.ts'
import type { GoalProgress } from './goals.ts'
import type { OutcomesSettings } from './settings.ts'
import type { OutcomesTables } from './tables.ts'

export const DischargePayload = z.object({
  episodeId: z.uuid(),
  version: z.number().int().min(1),
  reason: z.string().min(1).max(500),
  goals: z.array(z.object({ id: z.uuid(), version: z.number().int().min(1), state: z.enum(['met', 'dropped']) })).max(50),
})
export type DischargePayload = z.infer<typeof DischargePayload>

/** Announces and proposes a discharge once per set of goals; takes the proposal back when a goal is no longer met. */
export async function judgeReadiness(
  episodeId: string,
  measurements: readonly Measurement[],
  run: OutcomesRun,
  options = { again: false },
): Promise<void> {
  const episode = await run.chart.episode(episodeId)
  const before = await run.tables.selectFrom('readiness').selectAll().where('episode_id', '=', episodeId).executeTakeFirst()
  if (episode.state === 'discharged') return
  const progress = followGoals(episode, await run.chart.goals({ episodeId }), measurements)
  if (!isReadyForDischarge(progress)) {
    if (before !== undefined) await takeBack(episodeId, run)
    return
  }
  const counted = progress.filter(({ goal }) => goal.state !== 'dropped')
  const goals = counted
    .map(({ goal }) => goal.id)
    .toSorted()
    .join(' ')
  if (before?.goals === goals && !options.again) return
  const refs = { patientId: episode.patientId, episodeId }
  if (!options.again) run.emit('discharge.ready', refs)
  const payload: DischargePayload = {
    episodeId,
    version: episode.version,
    reason: 'All goals of the episode are met by the latest measurements.',
    goals: counted.filter(({ goal }) => goal.state === 'open').map(({ goal }) => ({ id: goal.id, version: goal.version, state: 'met' })),
  }
  const proposalId = run.settings.proposeDischarge
    ? run.propose({
        action: 'episode.discharge',
        title: 'Discharge: all goals are met',
        payload,
        refs,
        key: keyOf(episodeId),
        evidence: counted.slice(0, 50).flatMap(evidenceOf),
      })
    : null
  const row = { goals, proposal_id: proposalId, ready_at: run.now }
  await run.tables
    .insertInto('readiness')
    .values({ id: run.newId(), episode_id: episodeId, ...row })
    .onConflict((conflict) => conflict.columns(['episode_id']).doUpdateSet(row))
    .execute()
}

const keyOf = (episodeId: string): string => `discharge:${episodeId}`

async function takeBack(episodeId: string, run: OutcomesRun): Promise<void> {
  run.withdraw(keyOf(episodeId), 'A goal is no longer met by the latest measurement.')
  await forget(episodeId, run)
}

async function forget(episodeId: string, run: OutcomesRun): Promise<void> {
  await run.tables.deleteFrom('readiness').where('episode_id', '=', episodeId).execute()
}

function evidenceOf({ goal, latest }: GoalProgress) {
  const target = {
    kind: 'goal',
    id: goal.id,
    path: 'target',
    label: `${goal.label}: ${goal.direction === 'up' ? 'at least' : 'at most'} ${goal.target}`,
  } as const
  return latest === null
    ? [target]
    : [
        target,
        {
          kind: 'measurement',
          id: latest.id,
          path: 'value',
          label: `${latest.code} ${latest.value} on ${latest.takenAt.slice(0, 10)}`,
        } as const,
      ]
}

/** A new goal changes what "all goals" means. */
export async function followGoalSet(event: GonioEvent, run: OutcomesRun): Promise<void> {
  const { episodeId } = event.refs
  if (episodeId !== undefined) await judgeReadiness(episodeId, await run.chart.measurements({ episodeId }), run)
}

/** Facts moved under a pending proposal, or nobody decided in time: it is made anew from what holds now. A person's "no" stays a no. */
export async function proposeAgain(event: GonioEvent, run: OutcomesRun): Promise<void> {
  const { proposalId } = event.refs
  if (proposalId === undefined) return
  const row = await run.tables.selectFrom('readiness').select('episode_id').where('proposal_id', '=', proposalId).executeTakeFirst()
  if (row === undefined) return
  await judgeReadiness(row.episode_id, await run.chart.measurements({ episodeId: row.episode_id }), run, { again: true })
}

export async function closeEpisode(event: GonioEvent, run: OutcomesRun): Promise<void> {
  if (event.refs.episodeId !== undefined) await forget(event.refs.episodeId, run)
}

export const dischargeEpisode: ActionDefinition<DischargePayload, OutcomesTables, OutcomesSettings> = {
  name: 'episode.discharge',
  title: 'Discharge an episode of care',
  payload: DischargePayload,
  decide: { roles: ['therapist'], licenses: ['PT'] },
  risk: 'clinical',
  expiresAfterHours: 24 * 30,
  effects: ['goal.settle', 'episode.discharge'],
  summarize: (payload) => ({
    kind: 'key-value',
    rows: [
      { label: 'Reason', value: payload.reason },
      { label: 'Goals met', value: payload.goals.filter((goal) => goal.state === 'met').length },
      { label: 'Goals dropped', value: payload.goals.filter((goal) => goal.state === 'dropped').length },
    ],
  }),
  async apply(payload, run) {
    for (const goal of payload.goals) run.change({ kind: 'goal.settle', ...goal })
    run.change({ kind: 'episode.discharge', id: payload.episodeId, version: payload.version, reason: payload.reason })
  },
}
