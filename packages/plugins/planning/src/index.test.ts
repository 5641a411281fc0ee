import type { Episode, Measurement, Visit } from '@gonio/sdk'
import { openTestHost, TEST_CLINIC } from '@gonio/sdk/testing'
import { describe, expect, test } from 'vitest'

import { planningPlugin } from './index.ts'

const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
const EPISODE: Episode = {
  id: id(101),
  version: 3,
  patientId: id(100),
  state: 'evaluated',
  bodyRegion: 'lumbar-spine',
  side: 'none',
  diagnoses: ['M54.50'],
  onsetDate: '2026-02-10',
  referredBy: null,
  referralDate: null,
  coverageId: null,
  plan: null,
  authorizationNumber: null,
  authorizedVisits: null,
  authorizedTo: null,
  dischargedAt: null,
}
const VISIT: Visit = {
  id: id(102),
  version: 5,
  patientId: id(100),
  episodeId: id(101),
  kind: 'evaluation',
  state: 'completed',
  locationId: id(10),
  roomId: id(20),
  clinicianId: id(30),
  startsAt: '2026-03-02T14:00:00Z',
  endsAt: '2026-03-02T15:00:00Z',
  services: [],
  performed: [],
  remarks: [],
  completedAt: '2026-03-02T15:00:00Z',
}
const PAIN: Measurement = {
  id: id(111),
  version: 1,
  patientId: id(100),
  episodeId: id(101),
  visitId: id(102),
  code: 'nprs',
  value: 7,
  unit: '{score}',
  side: 'none',
  takenAt: '2026-03-02T14:10:00Z',
  source: 'patient',
  detail: null,
}
const refs = { patientId: id(100), episodeId: id(101), visitId: id(102) }

function openHost(chart: { episode?: Partial<Episode>; measurements?: Measurement[] } = {}) {
  return openTestHost(planningPlugin, {
    chart: { episodes: [{ ...EPISODE, ...chart.episode }], visits: [VISIT], measurements: chart.measurements ?? [PAIN] },
  })
}

function only<T>(items: readonly T[]): T {
  const [item] = items
  if (item === undefined || items.length !== 1) throw new Error(`expected one, found ${items.length}`)
  return item
}

describe('planning plugin', () => {
  test('a completed evaluation leads to one proposal that a PT can approve', async () => {
    const host = openHost()
    const { proposals, events } = await host.event('evaluation.completed', refs)
    const proposal = only(proposals)
    expect(proposal).toMatchObject({
      action: 'plan.approve',
      key: `plan:${id(101)}`,
      basedOn: [`episode:${id(101)}`, `measurement:${id(111)}`],
    })
    expect(events).toEqual([{ type: 'plan.drafted', refs }])
    const { effects } = await host.apply(proposal)
    expect(effects.map((effect) => effect.kind)).toEqual(['episode.plan', 'goal.set', 'goal.set', 'own.write'])
    expect(effects[0]).toMatchObject({
      version: 3,
      plan: { diagnoses: ['M54.50'], certifiedFrom: '2026-03-02', certifiedTo: '2026-03-30' },
    })
  })

  test('an edited duration moves the end of certification', async () => {
    const host = openHost()
    const proposal = only((await host.event('evaluation.completed', refs)).proposals)
    const payload = structuredClone(Object(proposal.payload))
    payload.plan.durationWeeks = 16
    const { effects } = await host.apply(proposal, payload)
    expect(effects[0]).toMatchObject({ plan: { certifiedTo: '2026-05-31' } })
  })

  test.each([
    ['a diagnosis', (payload: Record<string, never>) => Object.assign(payload, { diagnoses: [] }), /ICD-10-CM diagnosis/],
    ['a long-term goal', (payload: Record<string, never>) => Object.assign(payload, { goals: [] }), /long-term goal/],
    ['a frequency', (payload: { plan: object }) => Object.assign(payload.plan, { frequencyPerWeek: 0 }), /visits a week/],
    ['a duration', (payload: { plan: object }) => Object.assign(payload.plan, { durationWeeks: 0 }), /how many weeks/],
    ['a billable code', (payload: object) => Object.assign(payload, { diagnoses: ['M54.5'] }), /not billable since 2021-10-01/],
  ])('a plan without %s cannot be approved', async (_what, spoil, message) => {
    const host = openHost()
    const proposal = only((await host.event('evaluation.completed', refs)).proposals)
    const payload = structuredClone(Object(proposal.payload))
    spoil(payload)
    await expect(host.apply(proposal, payload)).rejects.toThrow(message)
  })

  test('an incomplete draft is proposed with what it lacks, and approved once filled in', async () => {
    const host = openHost({ episode: { diagnoses: ['M54.5'] } })
    const proposal = only((await host.event('evaluation.completed', refs)).proposals)
    expect(proposal.title).toMatch(/incomplete/)
    await expect(host.apply(proposal)).rejects.toMatchObject({ code: 'invalid-input' })
    const payload = { ...structuredClone(Object(proposal.payload)), diagnoses: ['M54.59'] }
    const { effects } = await host.apply(proposal, payload)
    expect(effects[0]).toMatchObject({ kind: 'episode.plan', diagnoses: ['M54.59'], plan: { diagnoses: ['M54.59'] } })
    expect(JSON.stringify(effects[0])).not.toContain('MISSING')
  })

  test('a label of an earlier goal is refused', async () => {
    const host = openHost()
    const proposal = only((await host.event('evaluation.completed', refs)).proposals)
    host.chart.goals.push({
      id: id(140),
      version: 1,
      patientId: id(100),
      episodeId: id(101),
      label: 'LTG-1',
      term: 'long',
      text: 'Walk a mile without rest.',
      measurementCode: 'psfs',
      baseline: 2,
      target: 4,
      direction: 'up',
      targetDate: '2026-04-01',
      state: 'dropped',
    })
    await expect(host.apply(proposal)).rejects.toMatchObject({ code: 'already-exists' })
  })

  test('a region without a template leaves a note and no proposal', async () => {
    const host = openHost({ episode: { bodyRegion: 'shoulder' } })
    expect((await host.event('evaluation.completed', refs)).proposals).toEqual([])
    const { output } = await host.call('planning.plan-view', refs)
    expect(JSON.stringify(output)).toContain('Write the plan by hand')
  })

  test('the tab shows an empty state, then the draft', async () => {
    const host = openHost()
    expect(JSON.stringify((await host.call('planning.plan-view', refs)).output)).toContain('No plan of care yet')
    await host.event('evaluation.completed', refs)
    expect(JSON.stringify((await host.call('planning.plan-view', refs)).output)).toContain('low-back-pain-acute')
  })

  test('a plan in force is not drafted over', async () => {
    const plan = {
      condition: 'x',
      diagnoses: ['M54.50'],
      frequencyPerWeek: 1,
      durationWeeks: 1,
      minutesPerVisit: 30,
      interventions: [],
      precautions: [],
      certifiedFrom: '2026-03-02',
      certifiedTo: '2026-03-09',
    }
    const host = openHost({ episode: { plan } })
    expect((await host.event('evaluation.completed', refs)).effects).toEqual([])
  })

  test("the evaluation's day is the clinic's day", async () => {
    const host = openHost()
    host.chart.visits = [{ ...VISIT, startsAt: '2026-03-03T01:00:00Z' }]
    const proposal = only((await host.event('evaluation.completed', refs)).proposals)
    expect(TEST_CLINIC.timeZone).toBe('America/New_York')
    expect(proposal.payload).toMatchObject({ plan: { certifiedFrom: '2026-03-02' } })
  })
})
