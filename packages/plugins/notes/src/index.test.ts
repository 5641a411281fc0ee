import type { Episode, Goal, Measurement, Patient, Visit } from '@gonio/sdk'
import { openTestHost } from '@gonio/sdk/testing'
import { describe, expect, test } from 'vitest'

import { draftNote } from './draft-note.ts'
import { DAILY_FACTS, makeId } from './example.data.ts'
import { notesPlugin } from './index.ts'
import { keepVerified } from './prepare-note.ts'

const patientId = makeId(100)
const episodeId = makeId(101)
const refs = { patientId, episodeId, visitId: makeId(203) }
const STAFF = makeId(30)

const PATIENT: Patient = {
  id: patientId,
  version: 1,
  givenName: 'Test',
  familyName: 'Person',
  birthDate: '1953-04-12',
  sex: 'female',
  phone: null,
  email: null,
  language: 'en',
  mrn: 'T-1',
}
const EPISODE: Episode = {
  id: episodeId,
  version: 4,
  patientId,
  state: 'active',
  bodyRegion: 'knee',
  side: 'right',
  diagnoses: ['Z47.1', 'Z96.651'],
  onsetDate: '2026-02-17',
  referredBy: null,
  referralDate: null,
  coverageId: null,
  authorizationNumber: null,
  authorizedVisits: null,
  authorizedTo: null,
  dischargedAt: null,
  plan: {
    condition: 'Status post knee replacement',
    diagnoses: ['Z47.1'],
    frequencyPerWeek: 2,
    durationWeeks: 8,
    minutesPerVisit: 45,
    interventions: [],
    precautions: [],
    certifiedFrom: '2026-03-02',
    certifiedTo: '2026-04-27',
  },
}
const VISITS = [DAILY_FACTS.visit, ...DAILY_FACTS.history].flatMap((visit): Visit[] =>
  visit === null
    ? []
    : [
        {
          ...visit,
          version: 2,
          patientId,
          episodeId,
          locationId: makeId(10),
          roomId: makeId(20),
          clinicianId: STAFF,
          completedAt: visit.state === 'completed' ? visit.endsAt : null,
          services: visit.services.map(({ service, minutes }) => ({ service, minutes })),
          performed: visit.performed.map(({ exercise }) => ({ exercise, sets: 3, reps: 10 })),
        },
      ],
)
const MEASUREMENTS = DAILY_FACTS.measurements.map((fact): Measurement => ({
  ...fact,
  version: 1,
  patientId,
  episodeId,
  source: `staff:${STAFF}`,
}))
const GOALS = DAILY_FACTS.goals.map((goal): Goal => ({
  ...goal,
  version: 1,
  patientId,
  episodeId,
  text: 'A goal of the plan.',
  baseline: null,
}))

function openHost() {
  return openTestHost(notesPlugin, {
    chart: { patients: [PATIENT], episodes: [EPISODE], visits: [...VISITS], measurements: [...MEASUREMENTS], goals: [...GOALS] },
  })
}

async function propose(host: ReturnType<typeof openHost>) {
  const [proposal] = (await host.event('visit.completed', refs)).proposals
  if (proposal === undefined) throw new Error('no proposal')
  return { proposal, payload: structuredClone(Object(proposal.payload)) }
}

describe('notes plugin', () => {
  test('a completed visit leads to a note that can be signed as it is', async () => {
    const host = openHost()
    const { proposal, payload } = await propose(host)
    expect(proposal).toMatchObject({ action: 'document.sign', title: 'Sign: Daily note, 03/09/2026', key: `note:${makeId(203)}` })
    expect(proposal.basedOn).toContain(`visit:${makeId(203)}`)
    expect(proposal.basedOn).not.toContain(`episode:${episodeId}`)
    const { effects } = await host.apply(proposal)
    expect(effects.map((effect) => effect.kind)).toEqual(['document.sign', 'own.write'])
    expect(effects[0]).toMatchObject({ document: { kind: 'daily-note', statements: payload.statements } })
  })

  test("an edited sentence becomes the clinician's own", async () => {
    const host = openHost()
    const { proposal, payload } = await propose(host)
    payload.statements[0].text = 'Patient feels stairs are easier.'
    payload.statements.push({
      section: 'Assessment',
      text: 'Skilled care is needed to restore the gait pattern.',
      evidence: [],
      origin: 'rule',
    })
    const { effects } = await host.apply(proposal, payload)
    const [effect] = effects
    if (effect?.kind !== 'document.sign') throw new Error('nothing signed')
    expect(effect.document.statements[0]).toMatchObject({
      origin: `staff:${STAFF}`,
      evidence: [
        { kind: 'visit', path: 'remarks.0' },
        { kind: 'staff', id: STAFF },
      ],
    })
    expect(effect.document.statements.at(-1)).toMatchObject({ origin: `staff:${STAFF}`, evidence: [{ kind: 'staff', id: STAFF }] })
    expect(effect.document.statements[1]?.origin).toBe('rule')
  })

  test('evidence and origin of an unchanged sentence come from the draft, not from the payload', async () => {
    const host = openHost()
    const { proposal, payload } = await propose(host)
    payload.statements[1].evidence = [{ kind: 'rule', id: 'made-up' }]
    payload.statements[1].origin = 'model:x'
    const { effects } = await host.apply(proposal, payload)
    expect(effects[0]).toMatchObject({
      document: {
        statements: expect.arrayContaining([expect.objectContaining({ text: expect.stringMatching(/^Pain 4/), origin: 'rule' })]),
      },
    })
    expect(JSON.stringify(effects[0])).not.toContain('made-up')
  })

  test('a measurement corrected after the draft makes the drafted sentence stale', async () => {
    const host = openHost()
    const { proposal } = await propose(host)
    host.chart.measurements = MEASUREMENTS.map((row) => (row.id === makeId(313) ? { ...row, value: 99 } : row))
    await expect(host.apply(proposal)).rejects.toMatchObject({ code: 'stale' })
  })

  test('a note without its minutes is refused with what to do', async () => {
    const host = openHost()
    const { proposal, payload } = await propose(host)
    payload.statements = payload.statements.filter((row: { text: string }) => !row.text.startsWith('Total timed'))
    await expect(host.apply(proposal, payload)).rejects.toThrow(/put that sentence back/)
  })

  test('an edited sentence with the other side is refused without telling values', async () => {
    const host = openHost()
    const { proposal, payload } = await propose(host)
    const index = payload.statements.findIndex((row: { text: string }) => row.text.startsWith('Right knee flexion'))
    payload.statements[index].text = 'Left knee flexion 102° (95° at the previous visit, 85° at the evaluation).'
    await expect(host.apply(proposal, payload)).rejects.toThrow(
      'A sentence names another side than the facts it is linked to: correct the sentence or the measurement.',
    )
  })

  test('a note cannot be signed as another kind', async () => {
    const host = openHost()
    const { proposal, payload } = await propose(host)
    await expect(host.apply(proposal, { ...payload, kind: 'evaluation' })).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test("evaluations and discharges are a PT's to sign", () => {
    expect(notesPlugin.actions.get('document.sign')?.decide).toMatchObject({
      licenses: ['PT', 'PTA'],
      narrow: [{ field: 'kind', in: ['evaluation', 're-evaluation', 'discharge-summary'], licenses: ['PT'] }],
    })
  })

  test("a plan approved meanwhile does not spoil the evaluation's note", async () => {
    const host = openHost()
    host.chart.episodes = [{ ...EPISODE, plan: null }]
    const [proposal] = (await host.event('visit.completed', { ...refs, visitId: makeId(201) })).proposals
    if (proposal === undefined) throw new Error('no proposal')
    host.chart.episodes = [{ ...EPISODE, version: 5 }]
    expect((await host.apply(proposal)).effects[0]).toMatchObject({ document: { kind: 'evaluation' } })
  })

  test('a discharge leads to a summary for the PT', async () => {
    const host = openHost()
    host.chart.episodes = [{ ...EPISODE, state: 'discharged', dischargedAt: '2026-04-24T18:00:00Z' }]
    const { proposals } = await host.event('episode.discharged', { patientId, episodeId })
    const [proposal] = proposals
    if (proposal === undefined) throw new Error('no proposal')
    expect(proposal).toMatchObject({ key: `discharge:${episodeId}`, payload: { kind: 'discharge-summary', visitId: null } })
    expect((await host.apply(proposal)).effects[0]?.kind).toBe('document.sign')
  })

  test("the visit's panel shows the draft and what is not in it, then that it is signed", async () => {
    const host = openHost()
    const show = async () => JSON.stringify((await host.call('notes.visit-view', refs)).output)
    expect(await show()).toContain('No note yet')
    const { proposal } = await propose(host)
    expect(await show()).toMatch(/no wording for this measure/)
    await host.apply(proposal)
    expect(await show()).toContain('Signed.')
  })

  test('a drafted sentence that fails verification is left out and listed', () => {
    const draft = draftNote(DAILY_FACTS)
    const spoiled = {
      ...draft,
      statements: draft.statements.map((row) => ({ ...row, text: row.text.replace('Right knee flexion 102', 'Right knee flexion 120') })),
    }
    const kept = keepVerified(spoiled, DAILY_FACTS)
    expect(kept.statements).toHaveLength(draft.statements.length - 1)
    expect(kept.text).not.toContain('120°')
    expect(kept.notices.join(' ')).toContain('1 drafted sentence(s) failed verification')
  })

  test('the pure procedures answer over JSON', async () => {
    const host = openHost()
    const drafted = Object((await host.call('notes.draft', DAILY_FACTS)).output)
    const { output } = await host.call('notes.verify', { facts: DAILY_FACTS, statements: drafted.statements })
    expect(output).toMatchObject({ ok: true, problems: [], omitted: [{ reason: 'no wording for this measure' }] })
  })
})
