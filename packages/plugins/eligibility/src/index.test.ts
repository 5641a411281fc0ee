import { readFileSync } from 'node:fs'

import type { Coverage, Episode, Patient } from '@gonio/sdk'
import { openTestHost } from '@gonio/sdk/testing'
import { describe, expect, test } from 'vitest'

import { eligibilityPlugin } from './index.ts'

const ID = {
  patient: '01900000-0000-7000-8000-0000000000a1',
  coverage: '01900000-0000-7000-8000-0000000000b1',
  second: '01900000-0000-7000-8000-0000000000b2',
  episode: '01900000-0000-7000-8000-0000000000c1',
}

const PATIENT: Patient = {
  id: ID.patient,
  version: 1,
  givenName: 'Rosa',
  familyName: 'Invented',
  birthDate: '1980-02-03',
  sex: 'female',
  phone: null,
  email: null,
  language: 'en',
  mrn: 'M1',
}

function coverage(memberId: string, change: Partial<Coverage> = {}): Coverage {
  return {
    id: ID.coverage,
    version: 3,
    patientId: ID.patient,
    payerId: 'SIM01',
    payerName: 'Harbor Health',
    memberId,
    groupNumber: null,
    rank: 1,
    status: 'unverified',
    benefits: null,
    verifiedAt: null,
    ...change,
  }
}

function open(memberId: string, settings: unknown = {}) {
  return openTestHost(eligibilityPlugin, { settings, chart: { patients: [PATIENT], coverages: [coverage(memberId)] } })
}

const fixture = (path: string): Buffer => readFileSync(new URL(`../../../../test/fixtures/x12/${path}`, import.meta.url))

describe('a booked visit', () => {
  test('asks about the coverage of the episode, else the primary one', async () => {
    const host = open('W1')
    expect((await host.event('visit.booked', { patientId: ID.patient })).jobs).toEqual([
      { job: 'eligibility.verify', input: { coverageId: ID.coverage } },
    ])
    host.chart.coverages.push(coverage('W2', { id: ID.second, rank: 2 }))
    const episode: Episode = {
      id: ID.episode,
      version: 1,
      patientId: ID.patient,
      state: 'active',
      bodyRegion: 'knee',
      side: 'left',
      diagnoses: [],
      onsetDate: null,
      referredBy: null,
      referralDate: null,
      coverageId: ID.second,
      plan: null,
      authorizationNumber: null,
      authorizedVisits: null,
      authorizedTo: null,
      dischargedAt: null,
    }
    host.chart.episodes.push(episode)
    expect((await host.event('visit.booked', { patientId: ID.patient, episodeId: ID.episode })).jobs[0]?.input).toEqual({
      coverageId: ID.second,
    })
  })

  test('of a patient without coverage asks nobody', async () => {
    const host = openTestHost(eligibilityPlugin, { chart: { patients: [PATIENT] } })
    expect((await host.event('visit.booked', { patientId: ID.patient })).effects).toEqual([])
  })

  test('asks again only when the answer is no longer fresh', async () => {
    const host = open('W1', { freshHours: 48 })
    await host.job('eligibility.verify', { coverageId: ID.coverage })
    expect((await host.event('visit.booked', { patientId: ID.patient })).jobs).toEqual([])
    expect((await host.job('eligibility.verify', { coverageId: ID.coverage })).effects).toEqual([])
    host.now = '2026-03-04T16:00:00.000Z'
    expect((await host.event('visit.booked', { patientId: ID.patient })).jobs.length).toBe(1)
  })
})

describe('the verification', () => {
  test('keeps the raw answer and proposes what it says, with the lines as evidence', async () => {
    const host = open('W1')
    const { proposals, effects } = await host.job('eligibility.verify', { coverageId: ID.coverage })
    expect(proposals).toMatchObject([
      {
        action: 'coverage.update',
        key: `coverage:${ID.coverage}`,
        basedOn: [`coverage:${ID.coverage}`],
        payload: { coverageId: ID.coverage, version: 3, status: 'active' },
      },
    ])
    expect(proposals[0]?.evidence.map(({ label }) => label ?? '').some((label) => label.startsWith('EB*F*IND*PT***29'))).toBe(true)
    expect(effects.some((effect) => effect.kind !== 'own.write' && effect.kind !== 'proposal.create')).toBe(false)
    const [row] = host.tables.rows('eligibility_check')
    expect(String(row?.['raw_text'])).toContain('ST*271*0001')
    expect(row).toMatchObject({ outcome: 'answered', status: 'active', finding_count: 0 })
  })

  test('once approved changes the coverage and nothing else', async () => {
    const host = open('W1-OFF')
    const [proposal] = (await host.job('eligibility.verify', { coverageId: ID.coverage })).proposals
    if (proposal === undefined) throw new Error('Nothing was proposed.')
    const { effects } = await host.apply(proposal)
    expect(effects).toMatchObject([{ kind: 'coverage.update', id: ID.coverage, version: 3, status: 'inactive' }])
  })

  test('of a member the payer does not find leaves the coverage unknown', async () => {
    const { proposals, jobs } = await open('W1-404').job('eligibility.verify', { coverageId: ID.coverage })
    expect(proposals).toMatchObject([{ payload: { status: 'unknown' } }])
    expect(jobs).toEqual([])
  })

  test('of a payer that is down is tried again with longer waits, then left to a person', async () => {
    const host = open('W1-DOWN', { attempts: 3, retryMinutes: 10 })
    const first = await host.job('eligibility.verify', { coverageId: ID.coverage })
    expect(first.proposals).toEqual([])
    expect(first.effects).toContainEqual(
      expect.objectContaining({ kind: 'job.enqueue', input: { coverageId: ID.coverage, attempt: 2 }, afterSeconds: 600 }),
    )
    const second = await host.job('eligibility.verify', { coverageId: ID.coverage, attempt: 2 })
    expect(second.effects).toContainEqual(expect.objectContaining({ afterSeconds: 1_200 }))
    expect((await host.job('eligibility.verify', { coverageId: ID.coverage, attempt: 3 })).jobs).toEqual([])
    expect(host.tables.rows('eligibility_check').length).toBe(3)
  })

  test('refuses a job without a coverage', async () => {
    await expect(open('W1').job('eligibility.verify', {})).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

describe('the card', () => {
  test('says what is certain with its line, and that the simulator answered', async () => {
    const host = open('W1-AUTH')
    await host.job('eligibility.verify', { coverageId: ID.coverage })
    const shown = JSON.stringify((await host.call('eligibility.card', { patientId: ID.patient })).output)
    expect(shown).toContain('EB*1*IND*PT********Y*Y')
    expect(shown).toContain('"Authorization","value":"required"')
    expect(shown).toContain('built-in simulator, not of a payer')
  })

  test('asks instead of guessing', async () => {
    const host = open('W1-ASK')
    await host.job('eligibility.verify', { coverageId: ID.coverage })
    const shown = JSON.stringify((await host.call('eligibility.card', { patientId: ID.patient })).output)
    expect(shown).toContain('"Authorization","value":"unknown"')
    expect(shown).toContain('AUTHORIZATION MAY BE REQUIRED AFTER FIRST 8 VISITS')
    expect(shown).not.toContain('not required')
  })

  test('is honest before the first answer and when the payer is down', async () => {
    const host = open('W1-DOWN')
    expect(JSON.stringify((await host.call('eligibility.card', { patientId: ID.patient })).output)).toContain('Not verified yet')
    await host.job('eligibility.verify', { coverageId: ID.coverage })
    expect(JSON.stringify((await host.call('eligibility.card', { patientId: ID.patient })).output)).toContain('could not be reached')
  })

  test('asks the payer again on demand, even with a fresh answer', async () => {
    const host = open('W1')
    await host.job('eligibility.verify', { coverageId: ID.coverage })
    const { jobs } = await host.call('eligibility.verify-now', { coverageId: ID.coverage })
    expect(jobs).toEqual([{ job: 'eligibility.verify', input: { coverageId: ID.coverage, force: true } }])
    expect((await host.job('eligibility.verify', { coverageId: ID.coverage, force: true })).proposals.length).toBe(1)
  })
})

describe('the pure procedures', () => {
  const host = open('W1')
  const bytes = fixture('rfi-snippets/rfi2795_placeholder_amount.271')

  test.each([
    ['text', { text: bytes.toString() }],
    ['base64', { base64: bytes.toString('base64') }],
    ['a bare string', bytes.toString()],
    ['UTF-16', { base64: Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le').toString('base64') }],
  ])('read-271 takes %s', async (_, input) => {
    const { output } = await host.call('eligibility.read-271', input)
    expect(output).toMatchObject({ snapshot: { visits: { allowed: { value: 60 } } }, peopleCount: 1, segmentCount: 21, findings: [] })
  })

  test('read-271 with lines feeds build-snapshot', async () => {
    const read = await host.call('eligibility.read-271', { text: bytes.toString(), withLines: true })
    const person: unknown = Reflect.get(Object(Reflect.get(Object(read.output), 'people')), '0')
    expect((await host.call('eligibility.build-snapshot', { person })).output).toEqual(Reflect.get(Object(read.output), 'snapshot'))
  })

  test('read-x12 pages through the segments and splits repetitions', async () => {
    const text = fixture('rfi-snippets/rfi2816_AD_AE_merged.271').toString()
    const { output } = await host.call('eligibility.read-x12', { text, skip: 14, limit: 1 })
    expect(output).toMatchObject({
      segmentCount: 23,
      segmentsLeftOff: 22,
      segments: [{ position: 15, tag: 'EB', elements: ['F', 'IND', ['AD', 'AE'], '', '', '22', '', '', 'VS', '30', 'N', 'W'] }],
    })
  })

  test.each([[{}], [{ text: 'ISA', base64: 'SVNB' }], [{ text: 'no X12' }], ['']])('refuse %j', async (input) => {
    await expect(host.call('eligibility.read-271', input)).rejects.toMatchObject({ code: 'invalid-input' })
  })
})
