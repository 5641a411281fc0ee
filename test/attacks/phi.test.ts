import pg from 'pg'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { answerInterview } from '../support/interview.ts'
import { ask, idle, pendingOf, withServer } from '../support/attack.ts'
import { dayFromNow, eventually, openClinic, signInAs } from '../support/clinic.ts'
import type { Client, Role, TestClinic } from '../support/clinic.ts'

/**
 * Invariant 7: one patient's whole story with names and words that stand nowhere else, and then a look at every place that operators,
 * logs and other processes see: none of them is there.
 * Planted once: a console.info of what links.invoke receives is found among the printed lines. What a plugin could hide in jobs and
 * events is the matter of hostile-plugin.test.ts.
 */
const CANARIES = {
  given: 'Qwenethra',
  family: 'Vontrapeel',
  phone: '646-555-0187',
  email: 'qwenethra@vontrapeel.example',
  member: 'ZQX99887766',
  words: 'flibbertigibbet stairs',
  activity: 'Zorbing uphill',
  remark: 'Marzipanic ache on Tuesdays',
  exercise: 'Wombat bridge',
  response: 'quixotically tired',
  amendment: 'Corrigendum of the xylophone',
} as const
const NEEDLES = [...Object.values(CANARIES), '6465550187', CANARIES.family.toLowerCase(), '1971-03-09']

let clinic: TestClinic
let desk: Client
let pt: Client
let heard: pg.Client
const notices: string[] = []
const reports: string[] = []
const printed: string[] = []
const refusals: { what: string; text: string; needles: number }[] = []

beforeAll(async () => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation(
      (...args: unknown[]) => void printed.push(args.map((arg) => inspect(arg, { depth: 8 })).join(' ')),
    )
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    vi.spyOn(stream, 'write').mockImplementation((chunk: string | Uint8Array) => {
      printed.push(String(chunk))
      return write(chunk)
    })
  }
  clinic = await openClinic({ onReport: (report) => reports.push(`${report.kind} ${report.text} ${inspect(report.error, { depth: 8 })}`) })
  desk = await clinic.as('front-desk')
  pt = await clinic.as('therapist')
  heard = new pg.Client({ connectionString: clinic.adminUrl })
  heard.on('notification', ({ payload }) => notices.push(payload ?? ''))
  await heard.connect()
  for (const channel of ['gonio_live', 'gonio_work']) await heard.query(`listen ${channel}`)
})
afterAll(async () => {
  vi.restoreAllMocks()
  await heard.end()
  await clinic.close()
})

const found = (text: string): string[] => NEEDLES.filter((needle) => text.includes(needle))

/** An act that is refused; what it says is kept. */
async function refused(what: string, path: string, input: unknown, role: Role = 'front-desk', type = 'mutation'): Promise<void> {
  const answer = await ask(clinic.http.url, { path, type, input, cookie: await cookieOf(role) })
  expect(answer.status, `${what}: ${answer.text}`).toBeGreaterThanOrEqual(400)
  refusals.push({ what, text: answer.text, needles: found(JSON.stringify(input)).length })
}
const cookies = new Map<Role, string>()
async function cookieOf(role: Role): Promise<string> {
  const known = cookies.get(role) ?? (await signInAs(clinic.http.url, role))
  cookies.set(role, known)
  return known
}

async function decide(by: Client, action: string): Promise<void> {
  const { id } = await pendingOf(by, action)
  const { seenHash, payload } = await by.proposals.get.query({ id })
  await refused(
    `an edited ${action} that its schema refuses`,
    'proposals.decide',
    {
      id,
      verdict: 'approve',
      seenHash,
      payload: {
        ...Object(payload),
        [CANARIES.given]: CANARIES.words,
        patient: CANARIES.family,
        statements: CANARIES.remark,
        goals: CANARIES.words,
        visits: CANARIES.words,
        status: CANARIES.words,
        reason: 7,
      },
    },
    by === pt ? 'therapist' : 'front-desk',
  )
  await refused(`${action} by the wrong person`, 'proposals.decide', { id, verdict: 'approve', seenHash, reason: CANARIES.words }, 'admin')
  await by.proposals.decide.mutate({ id, verdict: 'approve', seenHash, reason: CANARIES.words })
}

test('a patient’s names and words stand in the chart and nowhere else', async () => {
  const { output } = await desk.plugins.invoke.mutate({ procedure: 'intake.start', input: { language: 'en', bodyRegion: 'lumbar-spine' } })
  const { path } = await desk.links.url.query({ id: String(Object(output).linkId) })
  const token = path.replace('/p/', '')
  for (const [questionId, answer] of [
    ['given-name', { [CANARIES.given]: CANARIES.family }],
    [CANARIES.given, CANARIES.family],
    ['birth-date', CANARIES.words],
  ] as const) {
    const answered = await ask(clinic.http.url, {
      path: 'links.invoke',
      type: 'mutation',
      input: { token, procedure: 'intake.answer', input: { questionId, answer } },
    })
    if (answered.status >= 400) refusals.push({ what: `answer to ${questionId}`, text: answered.text, needles: 1 })
  }
  await answerInterview(clinic.anonymous, token, {
    'given-name': CANARIES.given,
    'family-name': CANARIES.family,
    'birth-date': '1971-03-09',
    phone: CANARIES.phone,
    story: CANARIES.words,
    'payer-name': 'Demo Health Plan',
    'member-id': CANARIES.member,
    activities: [CANARIES.activity, 'Sitting', 'Walking'].map((name) => ({ name, score: 3 })),
    'psfs-activities': [CANARIES.activity, 'Sitting', 'Walking'].map((name) => ({ name, score: 3 })),
  })
  await decide(desk, 'patient.register')
  const patientId = (await desk.patients.search.query({ query: CANARIES.family.slice(0, 5) })).items[0]?.id ?? ''
  const chart = await desk.patients.get.query({ id: patientId })
  expect(chart.patient).toMatchObject({ givenName: CANARIES.given, familyName: CANARIES.family, birthDate: '1971-03-09' })
  const episodeId = chart.episodes[0]?.id ?? ''

  await refused('a birth date in the future', 'patients.register', {
    givenName: CANARIES.given,
    familyName: CANARIES.family,
    birthDate: '2999-01-01',
    email: CANARIES.email,
    bodyRegion: 'knee',
    memberId: CANARIES.member,
    payerName: CANARIES.words,
  })
  await refused('a text that cannot be stored', 'patients.register', {
    givenName: `${CANARIES.given}\u0000`,
    familyName: CANARIES.family,
    birthDate: '1971-03-09',
    bodyRegion: 'knee',
  })
  await refused('an unknown field', 'patients.register', { [CANARIES.family]: CANARIES.given, bodyRegion: CANARIES.words })
  await refused('a search by who may not', 'patients.timeline', { patientId: CANARIES.family }, 'admin', 'query')

  const slots = await desk.plugins.invoke.mutate({
    procedure: 'scheduling.find-slots',
    input: { episodeId, kind: 'evaluation', from: dayFromNow(1), to: dayFromNow(7) },
  })
  const { startsAt, endsAt, clinicianId, roomId, locationId } = Object(slots.output).slots[0]
  const slot = { patientId, episodeId, kind: 'evaluation' as const, startsAt, endsAt, clinicianId, roomId, locationId }
  const { id: visitId } = await desk.visits.book.mutate(slot)
  await refused('a double booking', 'visits.book', slot)
  await decide(desk, 'coverage.update')

  await desk.visits.arrive.mutate({ id: visitId, version: 1 })
  await pt.visits.start.mutate({ id: visitId, version: 2 })
  const measures = [
    ['nprs', 7, '{score}'],
    ['psfs', 3, '{score}'],
    ['rom.lumbar-flexion', 35, 'deg'],
  ] as const
  for (const [code, value, unit] of measures)
    await pt.measurements.record.mutate({ visitId, code, value, unit, side: 'none', detail: { said: CANARIES.words } })
  await refused(
    'a measurement in words',
    'measurements.record',
    { visitId, code: 'nprs', value: CANARIES.words, unit: '{score}', detail: { [`${CANARIES.remark}${'x'.repeat(80)}`]: CANARIES.words } },
    'therapist',
  )
  const { visit } = await pt.visits.get.query({ id: visitId })
  const captured = {
    id: visitId,
    version: visit.version,
    services: [{ service: 'therapeutic-exercise', minutes: 23 }],
    performed: [{ exercise: CANARIES.exercise, sets: 3, reps: 10, response: CANARIES.response }],
    remarks: [{ by: 'patient' as const, text: `${CANARIES.remark}. ${CANARIES.words}` }],
  }
  await refused('a stale capture', 'visits.capture', { ...captured, version: 1 }, 'therapist')
  await pt.visits.capture.mutate(captured)
  await pt.visits.complete.mutate({ id: visitId, version: visit.version + 1 })

  await decide(pt, 'document.sign')
  await decide(pt, 'plan.approve')
  await decide(desk, 'visit.book')
  const { documents, goals } = await pt.episodes.get.query({ id: episodeId })
  const [document] = documents
  expect(document?.text).toContain(CANARIES.remark)
  expect(goals.length).toBeGreaterThan(0)
  const amended = {
    id: document?.id ?? '',
    version: document?.version ?? 0,
    reason: CANARIES.amendment,
    statements: document?.statements.map((statement) => ({ ...statement, evidence: [...statement.evidence] })) ?? [],
  }
  await refused('an amendment by the front desk', 'documents.amend', amended, 'front-desk')
  await refused(
    'an amendment without evidence',
    'documents.amend',
    { ...amended, statements: [{ section: 'Plan', text: CANARIES.words, evidence: [], origin: 'rule' }] },
    'therapist',
  )
  await pt.documents.amend.mutate(amended)
  await refused('a second amendment of the same version', 'documents.amend', amended, 'therapist')
  for (const { slot: place, id, plugin } of [
    { plugin: 'intake', id: 'intake-answers', slot: 'episode' },
    { plugin: 'notes', id: 'note', slot: 'visit' },
  ])
    await pt.plugins.view
      .query({ plugin, viewId: id, refs: { patientId, episodeId, ...(place === 'visit' ? { visitId } : {}) } })
      .catch(() => null)
  await refused('a sign-in procedure that is none', 'plugins.invoke', {
    procedure: CANARIES.words,
    input: { [CANARIES.given]: CANARIES.family },
  })
  await refused('a pure procedure with words for numbers', 'plugins.invoke', {
    procedure: 'outcomes.score',
    input: { instrument: CANARIES.words, items: [CANARIES.family] },
  })
  await idle(clinic.adminUrl)
})

test('their story is long enough to be a proof', async () => {
  await withServer(clinic.adminUrl, async (server) => {
    const counts = await eventually('the story', async () => {
      const { rows } = await server.query<
        Record<string, number>
      >(`select (select count(*)::int from pgboss.job) as jobs, (select count(*)::int from kernel.event) as events,
        (select count(*)::int from audit.entry) as entries, (select count(*)::int from chart.measurement) as measurements`)
      return rows[0]
    })
    expect(counts['jobs']).toBeGreaterThan(15)
    expect(counts['events']).toBeGreaterThan(30)
    expect(counts['entries']).toBeGreaterThan(60)
    // Each canary reached the database: what is looked for exists.
    const { rows } = await server.query<{ text: string }>(`
      select string_agg(text, ' ') as text from (
        select p::text as text from chart.patient p union all select c::text from chart.coverage c union all select v::text from chart.visit v
        union all select m::text from chart.measurement m union all select d::text from chart.document_revision d union all select q::text from kernel.proposal q) as everything`)
    expect(
      Object.entries(CANARIES).filter(([name, canary]) => name !== 'email' && name !== 'phone' && rows[0]?.text.includes(canary) !== true),
    ).toEqual([])
  })
  expect(notices.length).toBeGreaterThan(30)
  expect(refusals.length).toBeGreaterThan(20)
  expect(refusals.filter(({ needles }) => needles > 0).length).toBeGreaterThan(12)
})

/** Every table of the server that is not the chart, the proposals about it, or a plugin's own data. */
test('no table for operators or other processes names them', async () => {
  await withServer(clinic.adminUrl, async (server) => {
    const { rows: tables } = await server.query<{ name: string }>(`
      select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('pgboss', 'audit', 'auth', 'kernel') and c.oid not in ('kernel.proposal'::regclass, 'kernel.decision'::regclass)`)
    const leaks: string[] = []
    let read = 0
    for (const { name } of tables) {
      const { rows } = await server.query<{ text: string }>(
        `select t::text || coalesce(${name === 'audit.entry' ? `convert_from(t.body, 'utf8')` : `''`}, '') as text from ${name} t`,
      )
      read += rows.length
      for (const { text } of rows) for (const needle of found(text)) leaks.push(`${name}: ${needle}: ${text.slice(0, 200)}`)
    }
    expect(leaks).toEqual([])
    expect(tables.length).toBeGreaterThan(20)
    expect(read).toBeGreaterThan(150)
  })
})

test('no notice, report, refusal or line on the console names them', () => {
  expect(notices.filter((text) => found(text).length > 0)).toEqual([])
  expect(reports.filter((text) => text.startsWith('defect') || found(text).length > 0)).toEqual([])
  expect(refusals.filter(({ text }) => found(text).length > 0)).toEqual([])
  expect(printed.filter((text) => found(text).length > 0)).toEqual([])
  // A planted line is found: the ears are open.
  process.stderr.write(`planted ${CANARIES.given}\n`)
  expect(printed.filter((text) => found(text).length > 0)).toHaveLength(1)
})
