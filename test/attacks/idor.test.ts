import { appRouter } from '@gonio/core/api'
import { ROLE_RIGHTS, STAFF_ROLES } from '@gonio/sdk'
import type { Right } from '@gonio/sdk'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { ask, countRows, fillChart, idle, leavesOf, NOWHERE, openSecondClinic, replaceAt } from '../support/attack.ts'
import type { Answer, ChartIds } from '../support/attack.ts'
import { clientFor, dayFromNow, openClinic, signInAs } from '../support/clinic.ts'
import type { Client, Role, TestClinic } from '../support/clinic.ts'

/**
 * Rights and foreign ids, generated from the router: a procedure that is added without a row below fails by its name.
 * Each wall was taken out once: without `authorize` in staff(), "refuse every role without the right" names each procedure and role; with
 * row-level security off on chart.patient, patients.get, patients.timeline and audit.list are named; without assertPlace() and the keys of
 * migration 0006, visits.book and visits.move are named and what they wrote is listed; without the clinic in the query of jobs.retry, it is.
 */
interface Procedure {
  readonly type: string
  readonly access: Right | 'signed-in' | 'public'
  readonly hasInput: boolean
}
const PROCEDURES = new Map<string, Procedure>(
  Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
    const { type, meta, inputs } = Reflect.get(procedure, '_def') as {
      type: string
      meta: { access: Procedure['access'] }
      inputs: unknown[]
    }
    return [path, { type, access: meta.access, hasInput: inputs.length > 0 }]
  }),
)
const HASH = 'a'.repeat(64)

/** A valid input for each procedure that takes one, made of one clinic's ids. A cursor by id is compared, not looked up, and left out. */
const SAMPLES: Readonly<Record<string, (ids: ChartIds) => unknown>> = {
  'today.get': () => ({}),
  'proposals.list': () => ({ state: 'pending' }),
  'proposals.get': (ids) => ({ id: ids.proposalId }),
  'proposals.decide': (ids) => ({ id: ids.proposalId, verdict: 'approve', seenHash: HASH }),
  'proposals.proposeAgain': (ids) => ({ id: ids.proposalId }),
  'patients.search': (ids) => ({ query: 'a', cursor: ids.patientId }),
  'patients.get': (ids) => ({ id: ids.patientId }),
  'patients.register': () => ({ givenName: 'Nobody', familyName: 'Atall', birthDate: '1980-01-01', bodyRegion: 'knee' }),
  'patients.timeline': (ids) => ({ patientId: ids.patientId }),
  'episodes.get': (ids) => ({ id: ids.episodeId }),
  'visits.week': () => ({ from: dayFromNow(0) }),
  'visits.get': (ids) => ({ id: ids.visitId }),
  'visits.book': (ids) => ({
    patientId: ids.patientId,
    episodeId: ids.episodeId,
    kind: 'treatment',
    locationId: ids.locationId,
    roomId: ids.roomId,
    clinicianId: ids.clinicianId,
    startsAt: `${dayFromNow(50)}T15:00:00.000Z`,
    endsAt: `${dayFromNow(50)}T15:45:00.000Z`,
  }),
  'visits.move': (ids) => ({
    id: ids.bookedVisitId,
    version: 1,
    roomId: ids.roomId,
    clinicianId: ids.clinicianId,
    startsAt: `${dayFromNow(51)}T15:00:00.000Z`,
    endsAt: `${dayFromNow(51)}T15:45:00.000Z`,
  }),
  'visits.cancel': (ids) => ({ id: ids.bookedVisitId, version: 1, reason: 'test' }),
  'visits.arrive': (ids) => ({ id: ids.bookedVisitId, version: 1 }),
  'visits.start': (ids) => ({ id: ids.bookedVisitId, version: 1 }),
  'visits.complete': (ids) => ({ id: ids.bookedVisitId, version: 1 }),
  'visits.capture': (ids) => ({ id: ids.bookedVisitId, version: 1, services: [], performed: [], remarks: [] }),
  'measurements.record': (ids) => ({ visitId: ids.visitId, code: 'nprs', value: 1, unit: '{score}', side: 'none' }),
  'documents.get': (ids) => ({ id: ids.documentId }),
  'documents.amend': (ids) => ({
    id: ids.documentId,
    version: 1,
    reason: 'typing error',
    statements: [{ section: 'Plan', text: 'As before.', evidence: [{ kind: 'visit', id: 'x' }], origin: 'rule' }],
  }),
  'links.list': (ids) => ({ patientId: ids.patientId }),
  'links.url': (ids) => ({ id: ids.linkId }),
  'links.open': () => ({ token: 'not-a-token-at-all' }),
  'links.invoke': () => ({ token: 'not-a-token-at-all', procedure: 'intake.next', input: {} }),
  'plugins.setEnabled': () => ({ id: 'no-such-plugin', enabled: true }),
  'plugins.saveSettings': () => ({ id: 'no-such-plugin', settings: {} }),
  'plugins.views': () => ({ slot: 'episode.tab/v1' }),
  'plugins.view': (ids) => ({ plugin: 'outcomes', viewId: 'outcomes-course', refs: { episodeId: ids.episodeId } }),
  'plugins.invoke': (ids) => ({ procedure: 'scheduling.episode-view', input: { episodeId: ids.episodeId } }),
  'jobs.list': () => ({ state: 'done' }),
  'jobs.retry': (ids) => ({ id: ids.jobId }),
  'audit.list': (ids) => ({ patientId: ids.patientId }),
  'why.chain': (ids) => ({ correlationId: ids.correlationId }),
}

/** The same for procedures of plugins that a member of staff may call; pure ones read nothing and are left out by their access. */
const PLUGIN_SAMPLES: Readonly<Record<string, (ids: ChartIds) => unknown>> = {
  'intake.start': (ids) => ({ language: 'en', patientId: ids.patientId, episodeId: ids.episodeId }),
  'intake.today': () => ({}),
  'intake.answers': (ids) => ({ episodeId: ids.episodeId }),
  'eligibility.card': (ids) => ({ patientId: ids.patientId }),
  'eligibility.verify-now': (ids) => ({ coverageId: ids.coverageId }),
  'planning.plan-view': (ids) => ({ episodeId: ids.episodeId }),
  'scheduling.find-slots': (ids) => ({ episodeId: ids.episodeId, kind: 'treatment', from: dayFromNow(60), to: dayFromNow(61) }),
  'scheduling.open-time-view': () => ({}),
  'scheduling.episode-view': (ids) => ({ episodeId: ids.episodeId }),
  'notes.visit-view': (ids) => ({ visitId: ids.visitId }),
  'outcomes.course': (ids) => ({ episodeId: ids.episodeId }),
}

let clinic: TestClinic
let mine: ChartIds
let theirs: ChartIds
let server: pg.Client
const cookies = new Map<Role, string>()
let foreignDesk: () => Promise<string>

beforeAll(async () => {
  clinic = await openClinic()
  const other = await openSecondClinic(clinic)
  foreignDesk = () => other.cookieOf('front-desk')
  for (const role of STAFF_ROLES) cookies.set(role, await signInAs(clinic.http.url, role))
  const as = (role: Role): Client => clientFor(clinic.http.url, cookies.get(role) ?? '')
  ;[mine, theirs] = await Promise.all([
    fillChart(clinic, { desk: as('front-desk'), pt: as('therapist'), manager: as('manager') }, 'Mine'),
    fillChart(
      clinic,
      { desk: await other.as('front-desk'), pt: await other.as('therapist'), manager: await other.as('manager') },
      'Theirs',
    ),
  ])
  server = new pg.Client({ connectionString: clinic.adminUrl })
  await server.connect()
  await idle(clinic.adminUrl)
})
afterAll(async () => {
  await idle(clinic.adminUrl)
  await server.end()
  await clinic.close()
})

const call = (path: string, role: Role | null, input?: unknown): Promise<Answer> =>
  ask(clinic.http.url, {
    path,
    type: PROCEDURES.get(path)?.type ?? 'query',
    input,
    cookie: role === null ? null : (cookies.get(role) ?? ''),
  })

/** Someone whose roles give this right. */
function holderOf(access: Right | 'signed-in' | 'public'): Role {
  return access === 'signed-in' || access === 'public'
    ? 'therapist'
    : (ROLE_RIGHTS[access].find((role) => role === 'therapist') ?? ROLE_RIGHTS[access][0])
}

describe('procedures', { concurrent: false }, () => {
  test('have each a sample input, or take none', () => {
    expect([...PROCEDURES].filter(([path, { hasInput }]) => hasInput && SAMPLES[path] === undefined).map(([path]) => path)).toEqual([])
    expect(Object.keys(SAMPLES).filter((path) => !PROCEDURES.has(path))).toEqual([])
    expect(PROCEDURES.size).toBeGreaterThanOrEqual(40)
    const known = [...clinic.kernel.registry.plugins.values()].flatMap((plugin) => [...plugin.procedures])
    const staffOnes = known.filter(([, { access }]) => access !== 'pure' && access !== 'patient-link').map(([name]) => name)
    expect(staffOnes.filter((name) => PLUGIN_SAMPLES[name] === undefined)).toEqual([])
    expect(staffOnes.length).toBeGreaterThanOrEqual(10)
  })

  test('refuse strangers, except the two that a link opens', async () => {
    const open: string[] = []
    for (const path of PROCEDURES.keys()) {
      const answer = await call(path, null, SAMPLES[path]?.(mine))
      // A stream answers 200 and says it as its first and only event.
      if (!answer.text.includes('"code":"not-signed-in"')) open.push(path)
    }
    expect(open).toEqual(['links.open', 'links.invoke'])
  })

  test('refuse every role without the right, and let every role with it come as far as the input', async () => {
    const before = await countRows(server)
    const wrong: string[] = []
    let refused = 0
    for (const [path, { access, type }] of PROCEDURES) {
      if (type === 'subscription' || access === 'public' || access === 'signed-in') continue
      for (const role of STAFF_ROLES) {
        const may = (ROLE_RIGHTS[access] as readonly string[]).includes(role)
        // Where the right is there, an input that no schema accepts: nothing runs.
        const answer = await call(path, role, may ? { canary: 1 } : SAMPLES[path]?.(mine))
        const ok = may ? answer.status !== 401 && answer.status !== 403 : answer.status === 403 && answer.code === 'not-allowed'
        if (!ok) wrong.push(`${path} as ${role}: ${answer.status} ${answer.code}`)
        if (!may) refused++
      }
    }
    expect(wrong).toEqual([])
    expect(refused).toBeGreaterThan(60)
    expect(await countRows(server)).toEqual(before)
  })

  test('of plugins refuse strangers, every role without the right, and staff where a patient’s link is asked for', async () => {
    const before = await countRows(server)
    const wrong: string[] = []
    let refused = 0
    for (const plugin of clinic.kernel.registry.plugins.values()) {
      for (const [procedure, { access }] of plugin.procedures) {
        const input = PLUGIN_SAMPLES[procedure]?.(mine) ?? {}
        const stranger = await call('plugins.invoke', null, { procedure, input })
        if (stranger.status !== 401) wrong.push(`${procedure} as nobody: ${stranger.status}`)
        if (access === 'pure') continue
        for (const role of STAFF_ROLES) {
          if (access !== 'patient-link' && (ROLE_RIGHTS[access] as readonly string[]).includes(role)) continue
          const answer = await call('plugins.invoke', role, { procedure, input })
          if (answer.status !== 403 || answer.code !== 'not-allowed') wrong.push(`${procedure} as ${role}: ${answer.status} ${answer.code}`)
          refused++
        }
      }
    }
    expect(wrong).toEqual([])
    expect(refused).toBeGreaterThan(20)
    expect(await countRows(server)).toEqual(before)
  })
})

/** Asks twice with one id changed: once another clinic's, once nobody's. Whatever differs is a leak. */
async function compare(
  label: string,
  input: unknown,
  send: (input: unknown) => Promise<Answer>,
): Promise<{ asked: number; leaks: string[] }> {
  const names = new Map(Object.entries(mine).map(([name, id]) => [id, name]))
  const leaks: string[] = []
  let asked = 0
  let before = await countRows(server)
  for (const { path, leaf } of leavesOf(input)) {
    const name = names.get(String(leaf))
    if (name === undefined) continue
    asked++
    const foreign = await send(replaceAt(input, path, Reflect.get(theirs, name)))
    const nobody = await send(replaceAt(input, path, NOWHERE))
    const where = `${label} ${path.join('.')}`
    if (foreign.status !== nobody.status || foreign.text !== nobody.text)
      leaks.push(`${where}: ${foreign.status} ${foreign.text.slice(0, 200)} | ${nobody.status} ${nobody.text.slice(0, 200)}`)
    if (foreign.status === 200 ? Object.values(theirs).some((id) => foreign.text.includes(id)) : foreign.code === null)
      leaks.push(`${where}: answered ${foreign.text.slice(0, 200)}`)
    if (foreign.message.startsWith('Some fields') || foreign.status >= 500)
      leaks.push(`${where}: the sample is not valid: ${foreign.status} ${foreign.message}`)
    // A job that a write would have set off is counted as soon as the write is there.
    const after = await countRows(server)
    if (JSON.stringify(after) !== JSON.stringify(before)) leaks.push(`${where}: wrote ${changed(before, after)}`)
    before = after
  }
  return { asked, leaks }
}

function changed(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string {
  return Object.keys(after)
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name} ${before[name]} → ${after[name]}`)
    .join(', ')
}

describe('an id of another clinic is as good as none', { concurrent: false }, () => {
  test('for every id in every input of the API', async () => {
    let asked = 0
    const leaks: string[] = []
    for (const [path, { access }] of PROCEDURES) {
      const input = SAMPLES[path]?.(mine)
      if (input === undefined) continue
      const compared = await compare(path, input, (changedInput) => call(path, holderOf(access), changedInput))
      asked += compared.asked
      leaks.push(...compared.leaks)
    }
    expect(leaks).toEqual([])
    expect(asked).toBeGreaterThanOrEqual(30)
  })

  test('for every id in every input of the plugins', async () => {
    let asked = 0
    const leaks: string[] = []
    for (const plugin of clinic.kernel.registry.plugins.values()) {
      for (const [procedure, { access }] of plugin.procedures) {
        const sample = PLUGIN_SAMPLES[procedure]?.(mine)
        if (sample === undefined || access === 'patient-link' || access === 'pure') continue
        const role = procedure === 'eligibility.verify-now' ? 'front-desk' : holderOf(access)
        const compared = await compare(procedure, sample, (input) => call('plugins.invoke', role, { procedure, input }))
        asked += compared.asked
        leaks.push(...compared.leaks)
      }
    }
    expect(leaks).toEqual([])
    expect(asked).toBeGreaterThanOrEqual(8)
  })

  test('for every view of a plugin', async () => {
    const leaks: string[] = []
    let asked = 0
    for (const plugin of clinic.kernel.registry.plugins.values()) {
      for (const view of plugin.views) {
        const { patientId, episodeId, visitId } = mine
        const refs = view.slot.startsWith('today')
          ? {}
          : view.slot.startsWith('patient')
            ? { patientId }
            : view.slot.startsWith('visit')
              ? { visitId }
              : { episodeId }
        const compared = await compare(view.id, { plugin: plugin.id, viewId: view.id, refs }, (input) =>
          call('plugins.view', 'therapist', input),
        )
        asked += compared.asked
        leaks.push(...compared.leaks)
      }
    }
    expect(leaks).toEqual([])
    expect(asked).toBeGreaterThanOrEqual(6)
  })

  test('in the edited payload of a proposal of one’s own', async () => {
    const deciders: Readonly<Record<string, Role>> = { 'visit.book': 'front-desk', 'coverage.update': 'front-desk' }
    const desk = clientFor(clinic.http.url, cookies.get('front-desk') ?? '')
    const leaks: string[] = []
    let asked = 0
    for (const item of (await desk.proposals.list.query({ state: 'pending' })).items) {
      const role = deciders[item.action]
      if (role === undefined) continue
      const { payload, seenHash } = await desk.proposals.get.query({ id: item.id })
      // One visit of a series is enough.
      const visits = Reflect.get(Object(payload), 'visits') as unknown
      const edited = Array.isArray(visits) ? { ...Object(payload), visits: visits.slice(0, 1) } : payload
      const compared = await compare(item.action, edited, (input) =>
        call('proposals.decide', role, { id: item.id, verdict: 'approve', seenHash, payload: input }),
      )
      asked += compared.asked
      leaks.push(...compared.leaks)
    }
    expect(leaks).toEqual([])
    expect(asked).toBeGreaterThanOrEqual(5)
  })

  test('also for a clinician and a room that are busy there at that time', async () => {
    const desk = clientFor(clinic.http.url, await foreignDesk())
    const { visit } = await desk.visits.get.query({ id: theirs.bookedVisitId })
    const { startsAt, endsAt } = visit
    const sample = { ...Object(SAMPLES['visits.book']?.(mine)), startsAt, endsAt }
    const before = await countRows(server)
    const book = (input: object): Promise<Answer> => call('visits.book', 'front-desk', { ...sample, ...input })
    const nobody = await book({ clinicianId: NOWHERE })
    expect(nobody.code).toBe('not-found')
    for (const foreign of [
      { clinicianId: visit.clinicianId },
      { roomId: visit.roomId },
      { clinicianId: visit.clinicianId, roomId: visit.roomId, locationId: visit.locationId },
    ])
      expect((await book(foreign)).text).toBe(nobody.text)
    expect(await countRows(server)).toEqual(before)
  })

  test('while the clinic’s own ids are answered', async () => {
    for (const path of ['patients.get', 'episodes.get', 'visits.get', 'documents.get', 'links.url', 'proposals.get'])
      expect((await call(path, 'therapist', SAMPLES[path]?.(mine))).status, path).toBe(200)
    const booked = await call('visits.book', 'front-desk', SAMPLES['visits.book']?.(mine))
    expect(booked.status, booked.text).toBe(200)
  })
})
