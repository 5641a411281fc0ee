import { z } from 'zod'

import { findInstrument } from './instruments.data.ts'
import type { Instrument } from './instruments.data.ts'
import { judgeChange, round, VERDICTS } from './score.ts'

export const MAX_POINTS = 200
const WEEK_MS = 7 * 86_400_000

export const TrajectoryInput = z.object({
  /** Measurement code: `nprs`, `psfs`, `lefs`, or any other such as `rom.knee-flexion`. */
  code: z.string().min(1).max(80),
  points: z
    .array(
      z.object({ at: z.iso.datetime({ offset: true }), value: z.number(), activities: z.array(z.string().max(200)).max(10).optional() }),
    )
    .max(MAX_POINTS),
  /** For codes that are no instrument: which way is better, as the goal says. */
  better: z.enum(['up', 'down']).optional(),
  trendPoints: z.number().int().min(3).max(20).default(6),
})
export type TrajectoryInput = z.input<typeof TrajectoryInput>

export const TrajectoryOutput = z.object({
  code: z.string(),
  count: z.number(),
  baseline: z.object({ at: z.string(), value: z.number() }).nullable(),
  latest: z.object({ at: z.string(), value: z.number() }).nullable(),
  change: z.number().nullable(),
  verdict: z.enum(VERDICTS).nullable(),
  reason: z.string().nullable(),
  trend: z.enum(['improving', 'worsening', 'flat', 'rising', 'falling', 'too-few']),
  perWeek: z.number().nullable(),
})
export type TrajectoryOutput = z.infer<typeof TrajectoryOutput>

/** The course of one measure: first to latest against error and importance, and where the latest points are heading. Order of points does not matter. */
export function followTrajectory(raw: TrajectoryInput): TrajectoryOutput {
  const input = TrajectoryInput.parse(raw)
  const points = input.points
    .map((point) => ({ ...point, time: Date.parse(point.at) }))
    .toSorted((a, b) => a.time - b.time || a.value - b.value)
  const instrument = findInstrument(input.code)
  const [first] = points
  const last = points.at(-1)
  const shown = (point: typeof last) => (point === undefined ? null : { at: point.at, value: point.value })
  const shared = { code: input.code, count: points.length, baseline: shown(first), latest: shown(last) }
  if (first === undefined || last === undefined || points.length === 1) {
    return {
      ...shared,
      change: null,
      verdict: null,
      reason: 'One measurement is a baseline: a second one is needed.',
      trend: 'too-few',
      perWeek: null,
    }
  }
  const recent = points.slice(-input.trendPoints)
  const perWeek = medianSlope(recent)
  const weeks = (last.time - (recent[0]?.time ?? last.time)) / WEEK_MS
  const comparable = sameActivities(first.activities, last.activities)
  const verdict = instrument === undefined ? null : comparable ? judgeChange(instrument, first.value, last.value) : 'not-comparable'
  return {
    ...shared,
    change: round(last.value - first.value),
    verdict,
    reason: instrument === undefined ? 'No error or important difference is on file for this measure.' : null,
    trend: nameTrend(perWeek, weeks, instrument, input.better),
    perWeek: perWeek === null ? null : round(perWeek),
  }
}

/** Stratford 1995: a follow-up rates the same activities. Points without names are taken as they are. */
function sameActivities(before: readonly string[] | undefined, after: readonly string[] | undefined): boolean {
  if (before === undefined || after === undefined) return true
  const names = (list: readonly string[]): string =>
    list
      .map((name) => name.trim().toLowerCase())
      .toSorted()
      .join('\n')
  return names(before) === names(after)
}

/** Theil-Sen: the median of all pairwise slopes per week; one odd measurement does not turn it. */
function medianSlope(points: readonly { readonly time: number; readonly value: number }[]): number | null {
  const slopes: number[] = []
  for (const [at, point] of points.entries()) {
    for (const later of points.slice(at + 1))
      if (later.time > point.time) slopes.push(((later.value - point.value) / (later.time - point.time)) * WEEK_MS)
  }
  if (slopes.length < 3) return null
  slopes.sort((a, b) => a - b)
  const middle = slopes.length >> 1
  const upper = slopes[middle] ?? 0
  return slopes.length % 2 === 1 ? upper : ((slopes[middle - 1] ?? 0) + upper) / 2
}

function nameTrend(
  perWeek: number | null,
  weeks: number,
  instrument: Instrument | undefined,
  goal: 'up' | 'down' | undefined,
): TrajectoryOutput['trend'] {
  if (perWeek === null) return 'too-few'
  const move = round(perWeek * weeks)
  // A drift smaller than the error of the measure is no trend.
  if (move === 0 || (instrument !== undefined && Math.abs(move) < instrument.mdc)) return 'flat'
  const better = instrument?.better ?? goal
  if (better === undefined) return move > 0 ? 'rising' : 'falling'
  return move > 0 === (better === 'up') ? 'improving' : 'worsening'
}
