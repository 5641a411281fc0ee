import { openTestHost } from '@gonio/sdk/testing'
import type { RunResult, TestHost } from '@gonio/sdk/testing'
import type { Episode, Patient } from '@gonio/sdk'
import { describe, expect, it } from 'vitest'

import { intakePlugin } from './index.ts'
import { Step } from './question.ts'
import { CheckOutput } from './red-flags.ts'

const PATIENT: Patient = {
  id: '01900000-0000-7000-8000-0000000000a1',
  version: 1,
  givenName: 'Ana',
  familyName: 'Ejemplo',
  birthDate: '1970-01-01',
  sex: 'female',
  phone: null,
  email: null,
  language: 'es',
  mrn: 'T-1',
}
const EPISODE: Episode = {
  id: '01900000-0000-7000-8000-0000000000e1',
  version: 1,
  patientId: PATIENT.id,
  state: 'referred',
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
const GOOD: Readonly<Record<string, unknown>> = {
  'given-name': 'Maria',
  'family-name': 'Sample',
  'birth-date': '1984-05-31',
  phone: '212 555 0142',
  'body-region': 'lumbar-spine',
  side: 'left',
  'onset-kind': 'slowly',
  'onset-date': '2026-02-01',
  'surgery-date': '2026-02-10',
  story: 'My back hurts when I lift. No numbness, no bladder problems.',
  'pain-now': 6,
  activities: [
    { name: 'Lifting', score: 3 },
    { name: 'Sitting', score: 4 },
    { name: 'Sleeping', score: 6 },
  ],
  'payer-name': 'Example Health Plan',
  'member-id': 'X123',
}

interface Interview {
  readonly host: TestHost
  readonly linkId: string
  readonly sessionId: string
  answer(questionId: string, answer: unknown): Promise<RunResult & { step: Step }>
  next(): Promise<Step>
}

async function start(input: object = {}, host: TestHost = openTestHost(intakePlugin)): Promise<Interview> {
  const { effects } = await host.call('intake.start', { language: 'en', ...input })
  const link = effects.find((effect) => effect.kind === 'link.create')
  if (link === undefined) throw new Error('no link')
  return follow(host, link.id)
}

function follow(host: TestHost, linkId: string): Interview {
  const actor = { kind: 'patient', id: linkId } as const
  return {
    host,
    linkId,
    sessionId: String(host.tables.rows('session').find((row) => row['link_id'] === linkId)?.['id']),
    async answer(questionId, answer) {
      const result = await host.call('intake.answer', { questionId, answer }, actor)
      return { ...result, step: Step.parse(result.output) }
    },
    next: async () => Step.parse((await host.call('intake.next', {}, actor)).output),
  }
}

/** Answers whatever is asked until the interview ends. */
async function finish(
  interview: Interview,
  answers: Readonly<Record<string, unknown>> = GOOD,
): Promise<RunResult & { step: Step; asked: readonly string[] }> {
  const asked: string[] = []
  let step = await interview.next()
  for (let count = 0; count < 80 && step.step === 'question'; count += 1) {
    const { id, kind } = step.question
    asked.push(id)
    const result = await interview.answer(id, answers[id] ?? (kind === 'yes-no-unsure' ? 'no' : null))
    step = result.step
    if (step.step !== 'question') return { ...result, step, asked }
  }
  throw new Error(`the interview did not end: ${asked.join(', ')}`)
}

describe('interview of a new patient', () => {
  it('ends with thanks, one registration proposal, and no flag', async () => {
    const interview = await start()
    const { step, proposals, events, asked } = await finish(interview)
    expect(step.step).toBe('done')
    expect(events.map((event) => event.type)).toEqual(['intake.completed'])
    expect(proposals).toHaveLength(1)
    expect(proposals[0]).toMatchObject({
      action: 'patient.register',
      key: `intake:${interview.sessionId}`,
      payload: { patient: { givenName: 'Maria', phone: '+12125550142' }, pain: 6, flags: [] },
    })
    expect(asked).toContain('saddle-numbness')
    expect(asked).not.toContain('surgery-date')
    expect(asked).not.toContain('cannot-walk-4-steps')
    expect(new Set(asked).size).toBe(asked.length)
    expect((await interview.next()).step).toBe('done')
  })

  it('approved, becomes a patient, a coverage, an episode and two measurements, once', async () => {
    const interview = await start()
    const { proposals } = await finish(interview)
    const proposal = proposals[0]
    if (proposal === undefined) throw new Error('no proposal')
    const { effects } = await interview.host.apply(proposal)
    expect(effects.map((effect) => effect.kind)).toEqual([
      'patient.register',
      'coverage.add',
      'episode.open',
      'measurement.record',
      'measurement.record',
      'link.close',
      'own.write',
    ])
    const scores = effects.flatMap((effect) =>
      effect.kind === 'measurement.record' ? [[effect.measurement.code, effect.measurement.value]] : [],
    )
    expect(scores).toEqual([
      ['nprs', 6],
      ['psfs', 4.33],
    ])
    await expect(interview.host.apply(proposal)).rejects.toMatchObject({ code: 'wrong-state' })
    const episode = effects.find((effect) => effect.kind === 'episode.open')
    interview.host.chart.patients.push({ ...PATIENT, id: episode?.episode.patientId ?? '' })
    const { output } = await interview.host.call('intake.answers', { episodeId: episode?.episode.id })
    expect(JSON.stringify(output)).toContain('Lifting: 3')
  })

  it('without insurance and with one activity makes no coverage and no PSFS score', async () => {
    const interview = await start()
    const { proposals, asked } = await finish(interview, { ...GOOD, 'payer-name': null, activities: [{ name: 'Lifting', score: 3 }] })
    expect(asked).not.toContain('member-id')
    const { effects } = await interview.host.apply(proposals[0] ?? expect.unreachable())
    expect(effects.map((effect) => effect.kind)).toEqual([
      'patient.register',
      'episode.open',
      'measurement.record',
      'link.close',
      'own.write',
    ])
  })

  it('goes on where it stood after a reload, and a double click changes nothing', async () => {
    const interview = await start()
    await interview.answer('given-name', 'Maria')
    const { step } = await interview.answer('given-name', 'Maria')
    expect(step).toMatchObject({ step: 'question', question: { id: 'family-name', progress: { done: 1 } } })
    expect(await interview.next()).toEqual(step)
    expect(interview.host.tables.rows('answer')).toHaveLength(1)
  })

  it('keeps what a changed answer said before', async () => {
    const interview = await start()
    await interview.answer('given-name', 'Mario')
    await interview.answer('given-name', 'Maria')
    expect(interview.host.tables.rows('answer')[0]).toMatchObject({ answer: { value: 'Maria' }, earlier: ['Mario'] })
  })

  it('refuses questions out of order, unknown questions, bad answers and foreign links', async () => {
    const interview = await start()
    await expect(interview.answer('pain-now', 3)).rejects.toMatchObject({ code: 'wrong-state' })
    await expect(interview.answer('shoe-size', 3)).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(interview.answer('given-name', 'x'.repeat(1_000_000))).rejects.toMatchObject({ code: 'too-large' })
    await expect(follow(interview.host, PATIENT.id).next()).rejects.toMatchObject({ code: 'not-found' })
    expect(interview.host.tables.rows('answer')).toHaveLength(0)
  })

  it('speaks Spanish to a patient who chose Spanish', async () => {
    const interview = await start({ language: 'es' })
    await expect(interview.answer('given-name', '')).rejects.toThrow(/Por favor/)
  })
})

describe('emergency in an interview', () => {
  it.each(['yes', 'unsure'])('stops at "%s", keeps the answers, and calls a person in the same run', async (answer) => {
    const interview = await start()
    const { step, effects, events, proposals, asked } = await finish(interview, { ...GOOD, 'saddle-numbness': answer })
    expect(step).toMatchObject({ step: 'stop', text: { en: expect.stringMatching(/^Call 911/) } })
    expect(asked.at(-1)).toBe('saddle-numbness')
    expect(events.map((event) => event.type)).toEqual(['flag.raised'])
    expect(proposals.map((proposal) => [proposal.action, Reflect.get(Object(proposal.payload), 'level')])).toEqual([['flag.resolve', 'E']])
    expect(effects.filter((effect) => effect.kind === 'own.write')).toHaveLength(3)
    expect(interview.host.tables.rows('answer').map((row) => row['question_id'])).toContain('given-name')
    expect((await interview.next()).step).toBe('stop')
    expect((await interview.answer('saddle-numbness', 'no')).step.step).toBe('stop')
    expect(interview.host.tables.rows('answer').find((row) => row['question_id'] === 'saddle-numbness')).toMatchObject({
      answer: { value: answer },
    })
  })

  it('in free text stops at once, and self-harm shows 988', async () => {
    const plain = await finish(await start(), { ...GOOD, story: 'It is numb when I wipe' })
    expect(plain.asked.at(-1)).toBe('story')
    expect(plain.step.step).toBe('stop')
    const crisis = await finish(await start(), { ...GOOD, story: 'I want to kill myself' })
    expect(crisis.step).toMatchObject({ step: 'stop', text: { en: expect.stringContaining('988') } })
  })

  it('hint in free text asks the closed question next, in any region; a "no" leaves a flag for the therapist', async () => {
    const { asked, step, proposals } = await finish(await start(), {
      ...GOOD,
      'body-region': 'shoulder',
      story: 'I also have bladder problems',
    })
    expect(asked[asked.indexOf('story') + 1]).toBe('bladder-change')
    expect(step.step).toBe('done')
    expect(proposals.map((proposal) => proposal.action)).toEqual(['flag.resolve', 'patient.register'])
  })

  it('in the name of an activity counts as free text too', async () => {
    const { step } = await finish(await start(), { ...GOOD, activities: [{ name: 'I can not hold my pee', score: 2 }] })
    expect(step.step).toBe('stop')
  })

  it('resolved by a person may go on, and another symptom stops it again', async () => {
    const interview = await start()
    const { proposals } = await finish(interview, { ...GOOD, 'saddle-numbness': 'unsure' })
    const proposal = proposals[0] ?? expect.unreachable()
    const { events } = await interview.host.apply(proposal, {
      ...Object(proposal.payload),
      note: 'Called; old scar, seen by surgeon.',
      resume: true,
    })
    expect(events.map((event) => event.type)).toEqual(['flag.resolved'])
    expect(interview.host.tables.rows('flag')[0]).toMatchObject({ state: 'resolved' })
    const again = await finish(interview, { ...GOOD, 'bowel-change': 'yes' })
    expect(again.step.step).toBe('stop')
    expect(again.asked[0]).toBe('bladder-change')
  })
})

describe('same-day flags', () => {
  it('are raised when they appear and do not stop the interview', async () => {
    const interview = await start()
    let raisedAt = ''
    let step = await interview.next()
    while (step.step === 'question') {
      const { id, kind } = step.question
      const result = await interview.answer(id, id === 'history-of-cancer' ? 'yes' : (GOOD[id] ?? (kind === 'yes-no-unsure' ? 'no' : null)))
      if (result.events.some((event) => event.type === 'flag.raised')) raisedAt ||= id
      step = result.step
    }
    expect([raisedAt, step.step]).toEqual(['history-of-cancer', 'done'])
  })

  it('surgery date within 12 weeks answers the surgery question by itself', async () => {
    const { asked, proposals } = await finish(await start(), {
      ...GOOD,
      'body-region': 'knee',
      'onset-kind': 'surgery',
      'calf-tenderness': 'yes',
    })
    expect(asked).toContain('surgery-date')
    expect(asked).not.toContain('recent-surgery-12-weeks')
    expect(JSON.stringify(proposals.map((proposal) => proposal.payload))).toContain('dvt-likely')
  })
})

describe('patient who is known', () => {
  const chart = { patients: [PATIENT], episodes: [EPISODE] }

  it('gets one interview on a referral, in the right language and region', async () => {
    const host = openTestHost(intakePlugin, { chart })
    const first = await host.event('referral.received', { patientId: PATIENT.id, episodeId: EPISODE.id })
    expect(first.events.map((event) => event.type)).toEqual(['intake.started'])
    expect(host.tables.rows('session')[0]).toMatchObject({ language: 'es', body_region: 'knee', patient_id: PATIENT.id })
    expect((await host.event('referral.received', { patientId: PATIENT.id, episodeId: EPISODE.id })).effects).toEqual([])
  })

  it('is not asked for name or region, and never becomes a second patient', async () => {
    const interview = await start({ episodeId: EPISODE.id }, openTestHost(intakePlugin, { chart }))
    const { asked, proposals } = await finish(interview)
    expect(asked[0]).toBe('side')
    expect(proposals.map((proposal) => proposal.action)).toEqual(['episode.open'])
    const { effects } = await interview.host.apply(proposals[0] ?? expect.unreachable())
    expect(effects.map((effect) => effect.kind)).toEqual([
      'coverage.add',
      'measurement.record',
      'measurement.record',
      'link.close',
      'own.write',
    ])
  })

  it('that is not in the chart, or not of the episode, is refused at the desk', async () => {
    const host = openTestHost(intakePlugin, { chart })
    await expect(host.call('intake.start', { patientId: EPISODE.id })).rejects.toMatchObject({ code: 'not-found' })
    await expect(host.call('intake.start', { patientId: EPISODE.id, episodeId: EPISODE.id })).rejects.toMatchObject({
      code: 'invalid-input',
    })
  })

  it('with a new problem gets a new episode', async () => {
    const interview = await start({ patientId: PATIENT.id }, openTestHost(intakePlugin, { chart }))
    const { proposals } = await finish(interview)
    const { effects } = await interview.host.apply(proposals[0] ?? expect.unreachable())
    expect(effects.filter((effect) => effect.kind === 'episode.open')).toHaveLength(1)
    expect(effects.filter((effect) => effect.kind === 'patient.register')).toHaveLength(0)
  })
})

describe('other ways in', () => {
  it('form and interview find the same flags for the same answers', async () => {
    const marks = { 'history-of-cancer': 'yes', 'night-pain': 'yes', 'fever-or-chills': 'no' }
    const { proposals } = await finish(await start(), { ...GOOD, ...marks })
    const register = proposals.find((proposal) => proposal.action === 'patient.register')
    const { output } = await openTestHost(intakePlugin).call('intake.check-red-flags', {
      bodyRegion: 'lumbar-spine',
      answers: marks,
      freeText: GOOD['story'],
      age: 41,
    })
    const fromForm = CheckOutput.parse(output).flags.map((flag) => flag.rule)
    expect(fromForm).toEqual(['spinal-cancer', 'night-pain'])
    expect(register?.payload).toMatchObject({ flags: fromForm.map((rule) => ({ rule })) })
  })

  it('today shows open interviews and flags', async () => {
    const interview = await start()
    const { proposals } = await finish(interview, { ...GOOD, 'chest-pain': 'yes' })
    expect(proposals[0]?.payload).toMatchObject({ contact: { name: 'Maria Sample', phone: '+12125550142' } })
    const today = async (): Promise<string> => JSON.stringify((await interview.host.call('intake.today', {})).output)
    for (const part of ['Chest pain', 'Maria Sample', '+12125550142', '"state":"stopped"']) expect(await today()).toContain(part)
    await follow(interview.host, (await start({}, interview.host)).linkId).next()
    interview.host.now = '2026-03-09T15:00:00.000Z'
    expect(await today()).toContain('link expired')
  })

  it('insurance questions can be switched off', async () => {
    const { asked } = await finish(await start({}, openTestHost(intakePlugin, { settings: { askInsurance: false } })))
    expect(asked).not.toContain('payer-name')
  })
})
