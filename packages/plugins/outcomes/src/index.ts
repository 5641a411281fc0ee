/**
 * @gonio/plugin-outcomes: scores, trajectories and the verdict on change; proposes a discharge when every goal is met.
 * It never discharges, settles a goal or fills in a missing answer by itself.
 * The kernel calls it; therapists see it on the episode.
 */
import { definePlugin, View } from '@gonio/sdk'
import { z } from 'zod'

import { followMeasurement } from './course.ts'
import { migrations } from './migrations.ts'
import { closeEpisode, dischargeEpisode, followGoalSet, proposeAgain } from './readiness.ts'
import { ScoreInput, ScoreOutput, scoreInstrument } from './score.ts'
import { OutcomesSettings } from './settings.ts'
import type { OutcomesTables } from './tables.ts'
import { followTrajectory, TrajectoryInput, TrajectoryOutput } from './trajectory.ts'
import { showCourse } from './view.ts'

export { scoreInstrument } from './score.ts'
export { followTrajectory } from './trajectory.ts'

export const outcomesPlugin = definePlugin<OutcomesTables>()({
  id: 'outcomes',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Outcomes',
  summary: 'Scores outcome measures, judges change against error and importance, and proposes the discharge when all goals are met.',
  permissions: [
    'episode:read',
    'episode:propose',
    'measurement:read',
    'goal:read',
    'goal:propose',
    'own-data:write',
    'event:emit',
    'ui:contribute',
  ],
  settings: OutcomesSettings,
  migrations,
  setup(plugin) {
    plugin.on('measurement.recorded', followMeasurement)
    plugin.on('goal.set', followGoalSet)
    plugin.on('proposal.stale', proposeAgain)
    plugin.on('proposal.expired', proposeAgain)
    plugin.on('episode.discharged', closeEpisode)
    plugin.action(dischargeEpisode)
    plugin.procedure(
      'outcomes.score',
      { input: ScoreInput, output: ScoreOutput, access: 'pure', summary: 'Scores one filled instrument and judges the change' },
      scoreInstrument,
    )
    plugin.procedure(
      'outcomes.trajectory',
      { input: TrajectoryInput, output: TrajectoryOutput, access: 'pure', summary: 'Change, verdict and trend of one measure over time' },
      followTrajectory,
    )
    plugin.procedure(
      'outcomes.course',
      {
        input: z.object({ episodeId: z.uuid() }),
        output: z.object({ view: View }),
        access: 'measurement:read',
        summary: 'Goals and measures of an episode',
      },
      ({ episodeId }, run) => showCourse(episodeId, run),
    )
    plugin.view({ id: 'outcomes-course', slot: 'episode.tab/v1', title: 'Outcomes', procedure: 'outcomes.course' })
  },
})
