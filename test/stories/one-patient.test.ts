import type { Goal, Visit } from '@gonio/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { dayFromNow, eventually, openClinic } from '../support/clinic.ts'
import type { Client, TestClinic } from '../support/clinic.ts'
import { answerInterview } from '../support/interview.ts'

let clinic: TestClinic
let desk: Client
let pt: Client
let manager: Client
let patientId = ''
let episodeId = ''

beforeAll(async () => {
  clinic = await openClinic()
  desk = await clinic.as('front-desk')
  pt = await clinic.as('therapist')
  manager = await clinic.as('manager')
})
afterAll(() => clinic.close())

/** One patient from the first call to the signed discharge note, through HTTP as the people who do it. */
describe('one patient', { concurrent: false }, () => {
  test('answers the interview on a link and is registered by the front desk', async () => {
    const { output } = await desk.plugins.invoke.mutate({
      procedure: 'intake.start',
      input: { language: 'en', bodyRegion: 'lumbar-spine' },
    })
    const { path } = await desk.links.url.query({ id: (output as { linkId: string }).linkId })
    await answerInterview(clinic.anonymous, path.replace('/p/', ''), {
      'given-name': 'Rosa',
      'family-name': 'Delgado',
      'payer-name': 'Demo Health Plan',
    })

    const proposal = await pending(desk, 'patient.register')
    await expect(decide(pt, proposal.id)).rejects.toThrow(/front-desk or manager/)
    expect(await decide(desk, proposal.id)).toMatchObject({ state: 'approved', alreadyDecided: false })
    expect(await decide(desk, proposal.id)).toMatchObject({ state: 'approved', alreadyDecided: true })

    const found = await desk.patients.search.query({ query: 'delg' })
    expect(found.items).toHaveLength(1)
    patientId = found.items[0]?.id ?? ''
    const chart = await desk.patients.get.query({ id: patientId })
    episodeId = chart.episodes[0]?.id ?? ''
    expect(chart.episodes).toMatchObject([{ state: 'referred', bodyRegion: 'lumbar-spine' }])
    const measured = (await pt.episodes.get.query({ id: episodeId })).measurements
    expect(measured.map((measurement) => [measurement.code, measurement.source])).toEqual(
      expect.arrayContaining([
        ['nprs', 'plugin:intake'],
        ['psfs', 'plugin:intake'],
      ]),
    )
  })

  test('is booked for an evaluation, and eligibility answers by itself', async () => {
    await book('evaluation')
    const proposal = await pending(desk, 'coverage.update')
    await decide(desk, proposal.id)
    const { coverages } = await desk.patients.get.query({ id: patientId })
    expect(coverages[0]).toMatchObject({ status: 'active' })
    expect(coverages[0]?.benefits).not.toBeNull()
  })

  test('is evaluated; a PT alone approves the plan, and its visits are booked', async () => {
    const [evaluation] = (await pt.episodes.get.query({ id: episodeId })).visits
    await treat(evaluation!, [
      ['nprs', 7],
      ['psfs', 3],
      ['rom.lumbar-flexion', 35],
    ])

    const plan = await pending(pt, 'plan.approve')
    await expect(decide(desk, plan.id)).rejects.toThrow(/therapist/)
    await expect(decide(await clinic.as('assistant'), plan.id)).rejects.toThrow(/therapist/)
    await decide(pt, plan.id)
    const { episode, goals } = await pt.episodes.get.query({ id: episodeId })
    expect(episode.state).toBe('active')
    expect(episode.plan?.frequencyPerWeek).toBeGreaterThan(0)
    expect(goals.filter((goal) => goal.term === 'long').length).toBeGreaterThan(0)

    const series = await pending(desk, 'visit.book')
    await decide(desk, series.id)
    const { visits } = await pt.episodes.get.query({ id: episodeId })
    expect(visits.filter((visit) => visit.kind === 'treatment').length).toBe(
      (episode.plan?.frequencyPerWeek ?? 0) * (episode.plan?.durationWeeks ?? 0),
    )
  })

  test('is treated; each note is drafted from what was captured and signed by the PT', async () => {
    await sign('Evaluation')
    const next = (await pt.episodes.get.query({ id: episodeId })).visits.find((visit) => visit.kind === 'treatment')
    await treat(next!, [['nprs', 5]])
    await sign('daily note')
    const { documents } = await pt.episodes.get.query({ id: episodeId })
    expect(documents.map((document) => document.kind)).toEqual(['evaluation', 'daily-note'])
    for (const document of documents) for (const statement of document.statements) expect(statement.evidence.length).toBeGreaterThan(0)
    expect(documents[1]?.text).toMatch(/5\/10/)
  })

  test('reaches the goals, is discharged, and the discharge note is signed', async () => {
    const { goals, visits } = await pt.episodes.get.query({ id: episodeId })
    const next = visits.find((visit) => visit.kind === 'treatment' && visit.state === 'booked')
    await treat(next!, hardestTargets(goals))
    await sign('daily note')
    const discharge = await pending(pt, 'episode.discharge')
    await decide(pt, discharge.id)
    await sign('Discharge')
    const { episode, documents, goals: settled } = await pt.episodes.get.query({ id: episodeId })
    expect(episode.state).toBe('discharged')
    expect(settled.every((goal) => goal.state === 'met')).toBe(true)
    expect(documents.at(-1)).toMatchObject({ kind: 'discharge-summary', state: 'signed' })
  })

  test('leaves an unaltered audit log and one story from the first link to the discharge', async () => {
    expect(await manager.audit.verify.mutate()).toMatchObject({ ok: true, problem: null })
    const { entries } = await desk.patients.timeline.query({ patientId })
    const story = entries.find((entry) => entry.type === 'episode.opened')?.correlationId ?? ''
    const { links } = await pt.why.chain.query({ correlationId: story })
    const titles = links.map((link) => link.title)
    for (const title of [
      'Intake started',
      'Intake completed',
      'Patient registered',
      'Visit booked',
      'Evaluation completed',
      'Plan approved',
      'Document signed',
      'Episode discharged',
    ]) {
      expect(titles).toContain(title)
    }
    const known = new Set(links.flatMap((link) => [link.id]))
    const loose = links.filter(
      (link) => link.causationId !== null && !known.has(link.causationId) && !Object.values(link.refs).includes(link.causationId),
    )
    expect(loose).toEqual([])
    // From the last signature back to the first step, each thing names what caused it.
    const byId = new Map(links.map((link) => [link.id, link]))
    const chain: string[] = []
    for (let at = links.findLast((link) => link.title === 'Document signed'); at !== undefined; at = byId.get(at.causationId ?? ''))
      chain.push(at.title)
    expect(chain.length).toBeGreaterThan(3)
    expect(chain).toContain('Episode discharged')
  })
})

async function pending(as: Client, action: string) {
  return eventually(`a proposal to ${action}`, async () =>
    (await as.proposals.list.query({ state: 'pending' })).items.find((item) => item.action === action),
  )
}

async function decide(as: Client, id: string) {
  const { seenHash } = await as.proposals.get.query({ id })
  return as.proposals.decide.mutate({ id, verdict: 'approve', seenHash })
}

async function sign(title: string): Promise<void> {
  const note = await eventually(`a draft titled ${title}`, async () =>
    (await pt.proposals.list.query({ state: 'pending' })).items.find(
      (item) => item.action === 'document.sign' && item.title.toLowerCase().includes(title.toLowerCase()),
    ),
  )
  await decide(pt, note.id)
}

async function book(kind: Visit['kind']): Promise<void> {
  const { output } = await desk.plugins.invoke.mutate({
    procedure: 'scheduling.find-slots',
    input: { episodeId, kind, from: dayFromNow(1), to: dayFromNow(7) },
  })
  const [slot] = (output as { slots: { startsAt: string; endsAt: string; clinicianId: string; roomId: string; locationId: string }[] })
    .slots
  const { startsAt, endsAt, clinicianId, roomId, locationId } = slot!
  await desk.visits.book.mutate({ patientId, episodeId, kind, startsAt, endsAt, clinicianId, roomId, locationId })
}

async function treat(visit: Pick<Visit, 'id'>, measures: readonly (readonly [string, number])[]): Promise<void> {
  const version = async (): Promise<{ id: string; version: number }> => ({
    id: visit.id,
    version: (await pt.visits.get.query({ id: visit.id })).visit.version,
  })
  await desk.visits.arrive.mutate(await version())
  await pt.visits.start.mutate(await version())
  for (const [code, value] of measures) {
    const unit = code.startsWith('rom.') ? 'deg' : '{score}'
    await pt.measurements.record.mutate({ visitId: visit.id, code, value, unit, side: 'none' })
  }
  await pt.visits.capture.mutate({
    ...(await version()),
    services: [
      { service: 'therapeutic-exercise', minutes: 23 },
      { service: 'manual-therapy', minutes: 15 },
    ],
    performed: [{ exercise: 'Bridge', sets: 3, reps: 10, response: 'no pain' }],
    remarks: [{ by: 'patient', text: 'Sitting at work is easier.' }],
  })
  await pt.visits.complete.mutate(await version())
}

/** A short and a long goal may share a measure: the harder target meets both. */
function hardestTargets(goals: readonly Goal[]): (readonly [string, number])[] {
  return [...Map.groupBy(goals, (goal) => goal.measurementCode)].map(([code, members]) => {
    const targets = members.map((goal) => goal.target)
    return [code, members[0]?.direction === 'up' ? Math.max(...targets) : Math.min(...targets)] as const
  })
}
