import type { Episode, Goal, Measurement } from '@gonio/sdk'
import { openTestHost } from '@gonio/sdk/testing'
import { describe, expect, it } from 'vitest'

import { outcomesPlugin } from './index.ts'

const id = (tail: string): string => `01900000-0000-7000-8000-${tail.padStart(12, '0')}`
const EPISODE: Episode = {
  id: id('e1'),
  version: 3,
  patientId: id('a1'),
  state: 'active',
  bodyRegion: 'knee',
  side: 'left',
  diagnoses: [],
  onsetDate: null,
  referredBy: null,
  referralDate: null,
  coverageId: null,
  plan: null,
  authorizationNumber: null,
  authorizedVisits: null,
  authorizedTo: null,
  dischargedAt: null,
}
const goal = (tail: string, rest: Partial<Goal>): Goal => ({
  id: id(tail),
  version: 1,
  patientId: EPISODE.patientId,
  episodeId: EPISODE.id,
  label: `LTG-${tail}`,
  term: 'long',
  text: 'Measurable goal',
  measurementCode: 'nprs',
  baseline: 7,
  target: 2,
  direction: 'down',
  targetDate: '2026-05-01',
  state: 'open',
  ...rest,
})
const NPRS_GOAL = goal('1', {})
const ROM_GOAL = goal('2', { measurementCode: 'rom.knee-flexion', baseline: 80, target: 120, direction: 'up' })
let count = 0
const measured = (code: string, value: number, day: number, rest: Partial<Measurement> = {}): Measurement => ({
  id: id(`f${(count += 1)}`),
  version: 1,
  patientId: EPISODE.patientId,
  episodeId: EPISODE.id,
  visitId: null,
  code,
  value,
  unit: '{score}',
  side: 'left',
  takenAt: `2026-02-${String(day).padStart(2, '0')}T15:00:00.000Z`,
  source: 'patient',
  detail: null,
  ...rest,
})

function open(goals: readonly Goal[], measurements: readonly Measurement[], settings = {}) {
  const host = openTestHost(outcomesPlugin, {
    settings,
    chart: { episodes: [EPISODE], goals: [...goals], measurements: [...measurements] },
  })
  const record = async (measurement: Measurement) => {
    host.chart.measurements.push(measurement)
    return host.event('measurement.recorded', { measurementId: measurement.id, episodeId: EPISODE.id, patientId: EPISODE.patientId })
  }
  return { host, record }
}
const types = (result: { events: readonly { type: string }[] }): readonly string[] => result.events.map((event) => event.type)

describe('recorded measurement', () => {
  it('moves the trajectory of its code and side only', async () => {
    const { host, record } = open([], [measured('nprs', 7, 1), measured('rom.knee-flexion', 80, 1)])
    await record(measured('nprs', 5, 8))
    expect(host.tables.rows('trajectory')).toHaveLength(1)
    expect(host.tables.rows('trajectory')[0]).toMatchObject({ code: 'nprs', count: 2, verdict: 'responder' })
    await record(measured('nprs', 6, 9))
    expect(host.tables.rows('trajectory')).toHaveLength(1)
    expect(host.tables.rows('trajectory')[0]).toMatchObject({ count: 3, verdict: 'no-change-beyond-error' })
  })

  it('worse beyond error is announced once', async () => {
    const { record } = open([], [measured('nprs', 4, 1)])
    expect(types(await record(measured('nprs', 7, 8)))).toEqual(['outcomes.worse'])
    expect(types(await record(measured('nprs', 8, 9)))).toEqual([])
  })
})

describe('discharge', () => {
  it('is proposed once when every open goal is met, with the measurements as evidence', async () => {
    const { record } = open([NPRS_GOAL, ROM_GOAL], [measured('nprs', 7, 1), measured('rom.knee-flexion', 80, 1)])
    expect((await record(measured('nprs', 2, 20))).proposals).toEqual([])
    const ready = await record(measured('rom.knee-flexion', 121, 20))
    expect(types(ready)).toEqual(['discharge.ready'])
    expect(ready.proposals).toHaveLength(1)
    expect(ready.proposals[0]).toMatchObject({
      action: 'episode.discharge',
      key: `discharge:${EPISODE.id}`,
      payload: {
        episodeId: EPISODE.id,
        version: 3,
        goals: [
          { id: NPRS_GOAL.id, version: 1, state: 'met' },
          { id: ROM_GOAL.id, version: 1, state: 'met' },
        ],
      },
    })
    expect(ready.proposals[0]?.evidence).toHaveLength(4)
    const again = await record(measured('nprs', 1, 21))
    expect([again.proposals, types(again)]).toEqual([[], []])
  })

  it('approved, settles the goals and ends the episode', async () => {
    const { host, record } = open([NPRS_GOAL], [])
    const { proposals } = await record(measured('nprs', 2, 20))
    const { effects } = await host.apply(proposals[0] ?? expect.unreachable())
    expect(effects.map((effect) => effect.kind)).toEqual(['goal.settle', 'episode.discharge'])
    await host.event('episode.discharged', { episodeId: EPISODE.id })
    expect(host.tables.rows('readiness')).toEqual([])
  })

  it('is taken back when a goal is no longer met, and proposed again later', async () => {
    const { record } = open([NPRS_GOAL], [])
    await record(measured('nprs', 2, 20))
    const back = await record(measured('nprs', 5, 21))
    expect(back.effects).toContainEqual(expect.objectContaining({ kind: 'proposal.withdraw', key: `discharge:${EPISODE.id}` }))
    expect((await record(measured('nprs', 1, 22))).proposals).toHaveLength(1)
  })

  it('made stale by other facts is proposed anew from them', async () => {
    const { host, record } = open([NPRS_GOAL], [])
    const { proposals } = await record(measured('nprs', 2, 20))
    host.chart.episodes = [{ ...EPISODE, version: 4 }]
    const anew = await host.event('proposal.stale', { proposalId: proposals[0]?.id ?? '', episodeId: EPISODE.id })
    expect(anew.proposals[0]).toMatchObject({ payload: { version: 4 } })
    expect((await host.event('proposal.stale', { proposalId: id('9') })).effects).toEqual([])
  })

  it.each<[string, readonly Goal[], Measurement]>([
    ['without a goal', [], measured('nprs', 0, 20)],
    ['when all goals were dropped', [goal('3', { state: 'dropped' })], measured('nprs', 0, 20)],
    ['when a goal was never measured', [NPRS_GOAL, ROM_GOAL], measured('nprs', 0, 20)],
    ['by the healthy side', [ROM_GOAL], measured('rom.knee-flexion', 140, 20, { side: 'right' })],
    [
      'by a LEFS without a score',
      [goal('4', { measurementCode: 'lefs', target: 60, direction: 'up' })],
      measured('lefs', 80, 20, { detail: { items: Array.from({ length: 20 }, () => null) } }),
    ],
    ['one point short of the target', [NPRS_GOAL], measured('nprs', 3, 20)],
  ])('is not proposed %s', async (_name, goals, measurement) => {
    const { record } = open(goals, [])
    expect(types(await record(measurement))).not.toContain('discharge.ready')
  })

  it('can be left to people by a setting; readiness is announced all the same', async () => {
    const { record } = open([NPRS_GOAL], [], { proposeDischarge: false })
    const ready = await record(measured('nprs', 2, 20))
    expect([ready.proposals, types(ready)]).toEqual([[], ['discharge.ready']])
  })

  it('waits again when a new goal is set', async () => {
    const { host, record } = open([NPRS_GOAL], [])
    await record(measured('nprs', 2, 20))
    host.chart.goals.push(ROM_GOAL)
    const { effects } = await host.event('goal.set', { episodeId: EPISODE.id, goalId: ROM_GOAL.id })
    expect(effects.map((effect) => effect.kind)).toContain('proposal.withdraw')
  })
})

describe('view of the course', () => {
  it('shows goals with progress and measures with trend and verdict', async () => {
    const { host } = open(
      [NPRS_GOAL, ROM_GOAL],
      [
        measured('nprs', 7, 1),
        measured('nprs', 4, 8),
        measured('rom.knee-flexion', 80, 1),
        measured('rom.knee-flexion', 100, 8),
        measured('lefs', 40, 8),
      ],
    )
    const text = JSON.stringify((await host.call('outcomes.course', { episodeId: EPISODE.id })).output)
    for (const part of ['"percent":60', '"percent":50', 'Better by at least', '"target":120', 'Copyright Binkley'])
      expect(text).toContain(part)
  })

  it('of an empty episode says what to do', async () => {
    const { host } = open([], [])
    expect((await host.call('outcomes.course', { episodeId: EPISODE.id })).output).toMatchObject({ view: { kind: 'empty' } })
  })

  it('leaves out a LEFS whose answers give no score', async () => {
    const { host, record } = open([], [measured('lefs', 40, 1)])
    await record(measured('lefs', 10, 8, { detail: { items: [4, 4, 2, ...Array.from({ length: 17 }, () => null)] } }))
    expect(host.tables.rows('trajectory')[0]).toMatchObject({ count: 1, verdict: null })
  })
})
