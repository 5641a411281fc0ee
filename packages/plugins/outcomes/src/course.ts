import type { GonioEvent, Measurement, Side } from '@gonio/sdk'

import { judgeReadiness } from './readiness.ts'
import { isScored } from './scored.ts'
import type { OutcomesRun } from './tables.ts'
import { followTrajectory, MAX_POINTS } from './trajectory.ts'
import type { TrajectoryOutput } from './trajectory.ts'

/** A new measurement: the course of its measure is computed anew, then whether the goals are met. */
export async function followMeasurement(event: GonioEvent, run: OutcomesRun): Promise<void> {
  const { episodeId, measurementId } = event.refs
  if (episodeId === undefined) return
  const measurements = await run.chart.measurements({ episodeId })
  const recorded = measurements.filter((measurement) => measurementId === undefined || measurement.id === measurementId)
  const seen = new Set<string>()
  for (const { code, side } of recorded) {
    if (seen.has(`${code}/${side}`)) continue
    seen.add(`${code}/${side}`)
    await keepTrajectory({ episodeId, code, side, measurements, event }, run)
  }
  await judgeReadiness(episodeId, measurements, run)
}

async function keepTrajectory(
  of: { episodeId: string; code: string; side: Side; measurements: readonly Measurement[]; event: GonioEvent },
  run: OutcomesRun,
): Promise<void> {
  const { episodeId, code, side } = of
  const { verdict, trend, count } = courseOf(of.measurements, code, side, run.settings.trendPoints)
  const before = await run.tables
    .selectFrom('trajectory')
    .select('verdict')
    .where('episode_id', '=', episodeId)
    .where('code', '=', code)
    .where('side', '=', side)
    .executeTakeFirst()
  const row = { count, verdict, trend, changed_at: run.now }
  await run.tables
    .insertInto('trajectory')
    .values({ id: run.newId(), episode_id: episodeId, code, side, ...row })
    .onConflict((conflict) => conflict.columns(['episode_id', 'code', 'side']).doUpdateSet(row))
    .execute()
  // "Worse beyond error" is announced when it begins, not again with every further measurement.
  if (verdict === 'worse' && before?.verdict !== 'worse') run.emit('outcomes.worse', of.event.refs)
}

/** Measurements of one code and side as a trajectory; an instrument whose answers give no score is left out. */
export function courseOf(
  measurements: readonly Measurement[],
  code: string,
  side: Side,
  trendPoints: number,
  better?: 'up' | 'down',
): TrajectoryOutput {
  const points = pointsOf(measurements, code, side).map(({ takenAt, value, detail }) => {
    const activities = activityNames(detail)
    return { at: takenAt, value, ...(activities === null ? {} : { activities }) }
  })
  return followTrajectory({ code, points, trendPoints, ...(better === undefined ? {} : { better }) })
}

/** At most 200 points: the baseline and the latest ones. */
export function pointsOf(measurements: readonly Measurement[], code: string, side: Side): readonly Measurement[] {
  const found = measurements.filter((measurement) => measurement.code === code && measurement.side === side && isScored(measurement))
  return found.length <= MAX_POINTS ? found : [...found.slice(0, 1), ...found.slice(1 - MAX_POINTS)]
}

function activityNames(detail: Measurement['detail']): string[] | null {
  const activities: unknown = detail?.['activities']
  if (!Array.isArray(activities)) return null
  return activities.slice(0, 10).map((activity: unknown) => String(Reflect.get(Object(activity), 'name') ?? '').slice(0, 200))
}
