import type { Episode, Goal, Measurement, Side } from '@gonio/sdk'

import { round } from './score.ts'
import { isScored } from './scored.ts'

export interface GoalProgress {
  readonly goal: Goal
  readonly latest: Measurement | null
  readonly met: boolean
  /** Part of the way from baseline to target, 0 to 100; null when one of them is unknown or they are equal. */
  readonly percent: number | null
}

/** Where each goal stands by the latest measurement of its code on the side that is treated. */
export function followGoals(
  episode: Pick<Episode, 'side'>,
  goals: readonly Goal[],
  measurements: readonly Measurement[],
): readonly GoalProgress[] {
  return goals.map((goal) => {
    const latest = latestOf(
      measurements.filter(
        (measurement) => measurement.code === goal.measurementCode && concerns(measurement.side, episode.side) && isScored(measurement),
      ),
    )
    const met = latest !== null && (goal.direction === 'up' ? latest.value >= goal.target : latest.value <= goal.target)
    return { goal, latest, met, percent: percentOf(goal, latest) }
  })
}

/** The healthy side is measured for comparison; it must never meet a goal of the treated one. */
export function concerns(measured: Side, treated: Side): boolean {
  return !((treated === 'left' && measured === 'right') || (treated === 'right' && measured === 'left'))
}

function latestOf(measurements: readonly Measurement[]): Measurement | null {
  return measurements.reduce<Measurement | null>(
    (latest, next) => (latest === null || Date.parse(next.takenAt) >= Date.parse(latest.takenAt) ? next : latest),
    null,
  )
}

function percentOf(goal: Goal, latest: Measurement | null): number | null {
  if (latest === null || goal.baseline === null || goal.baseline === goal.target) return null
  return Math.min(100, Math.max(0, round(((latest.value - goal.baseline) / (goal.target - goal.baseline)) * 100)))
}

/** Ready when there is a goal, none was left unmeasured, and every open one is met. Dropped goals do not count. */
export function isReadyForDischarge(progress: readonly GoalProgress[]): boolean {
  const counted = progress.filter(({ goal }) => goal.state !== 'dropped')
  return counted.length > 0 && counted.every(({ goal, met }) => goal.state === 'met' || met)
}
