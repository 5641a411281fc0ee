import type { Episode, Visit } from '@gonio/sdk'
import { openTestHost, TEST_CLINIC } from '@gonio/sdk/testing'
import { describe, expect, test } from 'vitest'

import { schedulingPlugin } from './index.ts'

const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
const EPISODE: Episode = {
  id: id(101),
  version: 4,
  patientId: id(100),
  state: 'active',
  bodyRegion: 'lumbar-spine',
  side: 'none',
  diagnoses: ['M54.50'],
  onsetDate: null,
  referredBy: null,
  referralDate: null,
  coverageId: null,
  authorizationNumber: null,
  authorizedVisits: null,
  authorizedTo: null,
  dischargedAt: null,
  plan: {
    condition: 'Low back pain',
    diagnoses: ['M54.50'],
    frequencyPerWeek: 2,
    durationWeeks: 4,
    minutesPerVisit: 45,
    interventions: [],
    precautions: [],
    certifiedFrom: '2026-03-02',
    certifiedTo: '2026-03-30',
  },
}
const EVALUATION: Visit = {
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
const refs = { patientId: id(100), episodeId: id(101) }

function openHost(episode: Partial<Episode> = {}) {
  return openTestHost(schedulingPlugin, {
    now: '2026-03-02T16:00:00.000Z',
    chart: { episodes: [{ ...EPISODE, ...episode }], visits: [EVALUATION] },
  })
}

async function propose(host: ReturnType<typeof openHost>) {
  const [proposal] = (await host.event('plan.approved', refs)).proposals
  if (proposal === undefined) throw new Error('no proposal')
  return proposal
}

describe('scheduling plugin', () => {
  test('an approved plan leads to one proposal with all visits, and booking books each', async () => {
    const host = openHost()
    const proposal = await propose(host)
    expect(proposal).toMatchObject({
      action: 'visit.book',
      title: 'Book 8 visits of the plan',
      key: `book:${id(101)}`,
      basedOn: [`episode:${id(101)}`],
      payload: { unplaced: 0 },
    })
    const { effects } = await host.apply(proposal)
    expect(effects.filter((effect) => effect.kind === 'visit.book')).toHaveLength(8)
  })

  test('a slot that was taken meanwhile is refused when the visits are booked', async () => {
    const host = openHost()
    const proposal = await propose(host)
    const [first] = Object(proposal.payload).visits
    host.chart.visits.push({
      ...EVALUATION,
      ...first,
      id: id(103),
      patientId: id(199),
      episodeId: id(198),
      state: 'booked',
      completedAt: null,
    })
    await expect(host.apply(proposal)).rejects.toMatchObject({ code: 'slot-taken' })
  })

  test('a visit moved by the front desk into another is refused', async () => {
    const host = openHost()
    const proposal = await propose(host)
    const payload = structuredClone(Object(proposal.payload))
    payload.visits[1] = { ...payload.visits[1], startsAt: payload.visits[0].startsAt, endsAt: payload.visits[0].endsAt }
    await expect(host.apply(proposal, payload)).rejects.toThrow(/another visit/)
  })

  test.each([
    ['outside the hours', { startsAt: '2026-03-04T03:00:00Z', endsAt: '2026-03-04T03:45:00Z' }, /outside the clinician's hours/],
    ['after the certified plan', { startsAt: '2026-03-31T14:00:00Z', endsAt: '2026-03-31T14:45:00Z' }, /after the certified plan/],
    ['with an unknown clinician', { clinicianId: id(77) }, /does not work here/],
    ['with an end before its start', { endsAt: '2026-03-03T10:00:00Z' }, /ends before it starts/],
  ])('a visit %s is refused', async (_what, change, message) => {
    const host = openHost()
    const proposal = await propose(host)
    const payload = structuredClone(Object(proposal.payload))
    payload.visits = [{ ...payload.visits[0], ...change }]
    await expect(host.apply(proposal, payload)).rejects.toThrow(message)
  })

  test('an authorization that shrank refuses the booking', async () => {
    const host = openHost()
    const proposal = await propose(host)
    host.chart.episodes = [{ ...EPISODE, authorizedVisits: 5 }]
    await expect(host.apply(proposal)).rejects.toThrow(/Only 5 visits are authorized/)
  })

  test("an expired license leaves a reason in the episode's tab and no proposal", async () => {
    const host = openHost()
    const [member] = TEST_CLINIC.staff
    if (member === undefined) throw new Error('no staff')
    host.chart.clinic = { ...TEST_CLINIC, staff: [{ ...member, licenses: [{ kind: 'PT', state: 'NY', expires: '2026-03-01' }] }] }
    expect((await host.event('plan.approved', refs)).proposals).toEqual([])
    const { output } = await host.call('scheduling.episode-view', refs)
    expect(JSON.stringify(output)).toContain('Taylor Test, PT: license expired 2026-03-01')
    expect(JSON.stringify((await host.call('scheduling.open-time-view', {})).output)).toContain('not offered for visits')
  })

  test('staff find slots for an episode with its clinician first', async () => {
    const host = openHost({ authorizedTo: '2026-03-04' })
    const { output } = await host.call('scheduling.find-slots', { episodeId: id(101), from: '2026-03-02', to: '2026-03-06', limit: 3 })
    expect(output).toMatchObject({ slots: [{ startsAt: '2026-03-03T13:00:00.000Z', cost: 0 }, {}, {}] })
    expect(Object(output).rejected).toContainEqual(expect.objectContaining({ rule: 'authorization-date', count: 2 }))
    expect(Object(output).rejected).toContainEqual(expect.objectContaining({ rule: 'one-visit-a-day' }))
  })

  test('a calendar too full to read to the end is used as far as it was read', async () => {
    const host = openHost()
    host.chart.visits = [
      EVALUATION,
      ...Array.from({ length: 2_500 }, (_, n): Visit => ({
        ...EVALUATION,
        id: id(10_000 + n),
        patientId: id(20_000 + n),
        episodeId: id(30_000 + n),
        clinicianId: id(31),
        roomId: id(21),
        kind: 'treatment',
        state: 'booked',
        startsAt: '2026-03-10T14:00:00Z',
        endsAt: '2026-03-10T15:00:00Z',
        completedAt: null,
      })),
    ]
    const proposal = await propose(host)
    expect(proposal.payload).toMatchObject({ reasons: [{ rule: 'horizon' }] })
    await expect(host.call('scheduling.find-slots', { from: '2026-03-02', to: '2026-04-20' })).rejects.toMatchObject({ code: 'too-many' })
  })

  test("another episode's visit of the same day is refused when the visits are booked", async () => {
    const host = openHost()
    const proposal = await propose(host)
    const [first] = Object(proposal.payload).visits
    host.chart.episodes = [...host.chart.episodes, { ...EPISODE, id: id(150) }]
    host.chart.visits.push({
      ...EVALUATION,
      ...first,
      id: id(103),
      episodeId: id(150),
      roomId: id(21),
      clinicianId: id(31),
      state: 'booked',
      completedAt: null,
      startsAt: first.startsAt.replace(/T.*/, 'T20:30:00.000Z'),
      endsAt: first.startsAt.replace(/T.*/, 'T21:00:00.000Z'),
    })
    await expect(host.apply(proposal)).rejects.toThrow(/One visit a day/)
  })

  test('discharge withdraws an open booking', async () => {
    const { effects } = await openHost().event('episode.discharged', refs)
    expect(effects).toEqual([{ kind: 'proposal.withdraw', key: `book:${id(101)}`, reason: 'The episode is discharged.' }])
  })

  test('the panel of open times shows the clinician', async () => {
    expect(JSON.stringify((await openHost().call('scheduling.open-time-view', {})).output)).toContain('Taylor Test, PT')
  })
})
