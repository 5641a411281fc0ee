import type { Measurement, Side, View } from '@gonio/sdk'

import { courseOf, pointsOf } from './course.ts'
import type { OutcomesRun } from './tables.ts'
import { followGoals, isReadyForDischarge } from './goals.ts'
import type { GoalProgress } from './goals.ts'
import { findInstrument } from './instruments.data.ts'
import { WORDINGS } from './score.ts'
import type { Verdict } from './score.ts'
import type { TrajectoryOutput } from './trajectory.ts'

const MAX_MEASURES = 20
const TREND_WORDS: Readonly<Record<TrajectoryOutput['trend'], string>> = {
  improving: 'Getting better',
  worsening: 'Getting worse',
  flat: 'Flat',
  rising: 'Rising',
  falling: 'Falling',
  'too-few': 'Too few measurements for a trend',
}
const TONES: Readonly<Record<Verdict, 'plain' | 'good' | 'warn' | 'bad'>> = {
  'no-change-beyond-error': 'plain',
  responder: 'good',
  uncertain: 'plain',
  worse: 'bad',
  'not-comparable': 'warn',
}

/** The episode's course: each goal with how far it is, then each measure with its trend, target and verdict against the baseline. */
export async function showCourse(episodeId: string, run: OutcomesRun): Promise<{ view: View }> {
  const episode = await run.chart.episode(episodeId)
  const measurements = await run.chart.measurements({ episodeId })
  const progress = followGoals(episode, await run.chart.goals({ episodeId }), measurements)
  if (measurements.length === 0 && progress.length === 0) {
    return { view: { kind: 'empty', title: 'No measurements yet', hint: 'Record a measure in a visit, or send an intake link.' } }
  }
  const children: View[] = []
  if (isReadyForDischarge(progress)) children.push({ kind: 'text', tone: 'good', text: 'All goals are met by the latest measurements.' })
  children.push(
    progress.length === 0 ? { kind: 'empty', title: 'No goals yet', hint: 'Goals come with the plan of care.' } : showGoals(progress),
  )
  for (const { code, side } of measuresOf(measurements)) {
    const goal = progress.find((candidate) => candidate.goal.measurementCode === code && candidate.goal.state !== 'dropped')
    children.push(showMeasure({ code, side, measurements, goal, trendPoints: run.settings.trendPoints }))
  }
  return { view: { kind: 'stack', children } }
}

function showGoals(progress: readonly GoalProgress[]): View {
  return {
    kind: 'table',
    caption: 'Goals',
    columns: [
      { key: 'label', label: 'Goal' },
      { key: 'text', label: 'Text' },
      { key: 'baseline', label: 'Baseline', as: 'number' },
      { key: 'latest', label: 'Latest', as: 'number' },
      { key: 'target', label: 'Target' },
      { key: 'percent', label: 'Way done, %', as: 'number' },
      { key: 'state', label: 'State', as: 'status' },
    ],
    rows: progress.slice(0, 100).map(({ goal, latest, met, percent }) => ({
      label: goal.label,
      text: goal.text.slice(0, 500),
      baseline: goal.baseline,
      latest: latest?.value ?? null,
      target: `${goal.direction === 'up' ? '≥' : '≤'} ${goal.target}`,
      percent: percent === null ? null : Math.round(percent),
      state: goal.state === 'open' && met ? 'met by latest' : goal.state,
    })),
  }
}

function measuresOf(measurements: readonly Measurement[]): readonly { code: string; side: Side }[] {
  const seen = new Map(measurements.map(({ code, side }) => [`${code}/${side}`, { code, side }]))
  return [...seen.values()].slice(0, MAX_MEASURES)
}

function showMeasure(of: {
  code: string
  side: Side
  measurements: readonly Measurement[]
  goal: GoalProgress | undefined
  trendPoints: number
}): View {
  const { code, side, goal } = of
  const instrument = findInstrument(code)
  const better = instrument?.better ?? goal?.goal.direction
  const course = courseOf(of.measurements, code, side, of.trendPoints, better)
  const points = pointsOf(of.measurements, code, side)
  const title = `${instrument?.title ?? code}${side === 'none' ? '' : ` (${side})`}`.slice(0, 120)
  const rows = [
    { label: 'Baseline', value: course.baseline?.value ?? null },
    { label: 'Latest', value: course.latest?.value ?? null },
    {
      label: 'Change',
      value: course.change,
      ...(course.verdict === null ? { note: course.reason ?? '' } : { note: WORDINGS[course.verdict], tone: TONES[course.verdict] }),
    },
    { label: 'Trend', value: TREND_WORDS[course.trend], ...(course.perWeek === null ? {} : { note: `${course.perWeek} a week` }) },
    ...(instrument === undefined
      ? []
      : [{ label: 'Error and important difference', value: `${instrument.mdc} / ${instrument.mcid}`, note: instrument.source }]),
    ...(instrument?.itemsShipped === false ? [{ label: 'Form', value: 'not included', note: instrument.license }] : []),
  ]
  return {
    kind: 'card',
    title,
    ...(course.verdict === null ? {} : { tone: TONES[course.verdict] }),
    children: [
      {
        kind: 'trend',
        caption: title,
        unit: (points[0]?.unit ?? '').slice(0, 40),
        points: points.map(({ takenAt, value }) => ({ at: takenAt, value })),
        ...(goal === undefined ? {} : { target: goal.goal.target }),
        ...(better === undefined ? {} : { better }),
      },
      { kind: 'key-value', rows },
    ],
  }
}
