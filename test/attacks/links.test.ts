import { systemClock } from '@gonio/core'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { linkToken } from '../../packages/core/src/identity/index.ts'
import { ask, countRows, idle, NOWHERE, openSecondClinic, pendingOf } from '../support/attack.ts'
import type { Answer } from '../support/attack.ts'
import { openClinic, signInAs } from '../support/clinic.ts'
import type { Client, TestClinic } from '../support/clinic.ts'
import { answerInterview } from '../support/interview.ts'

/**
 * The one-time links of patients: the only door without a password.
 * Each wall was taken out once. The comparison of the MAC in identity/link.ts out: "forged" opens. The check of expiresAt and closedAt
 * out: "past its time" and "used up" go on. The list of procedures in api/links.ts out: "calls no other procedure" runs intake.start.
 */
const SECRET = 'secret-of-the-test-databases'
let clinic: TestClinic
let desk: Client
let server: pg.Client
let staffCookie = ''
let hoursAhead = 0
const reports: string[] = []

beforeAll(async () => {
  clinic = await openClinic({
    onReport: ({ kind, text }) => reports.push(`${kind}: ${text}`),
    clock: { now: () => new Date(Date.now() + hoursAhead * 3_600_000), newId: systemClock.newId },
  })
  desk = await clinic.as('front-desk')
  staffCookie = await signInAs(clinic.http.url, 'admin')
  server = new pg.Client({ connectionString: clinic.adminUrl })
  await server.connect()
})
afterAll(async () => {
  await idle(clinic.adminUrl)
  await server.end()
  await clinic.close()
})

async function makeLink(by: Client = desk): Promise<{ id: string; token: string }> {
  const { output } = await by.plugins.invoke.mutate({ procedure: 'intake.start', input: { language: 'en', bodyRegion: 'knee' } })
  const id = String(Object(output).linkId)
  return { id, token: (await by.links.url.query({ id })).path.replace('/p/', '') }
}
const open = (token: string, cookie?: string): Promise<Answer> =>
  ask(clinic.http.url, { path: 'links.open', type: 'query', input: { token }, ...(cookie === undefined ? {} : { cookie }) })
const invoke = (token: string, procedure = 'intake.next', input: unknown = {}): Promise<Answer> =>
  ask(clinic.http.url, { path: 'links.invoke', type: 'mutation', input: { token, procedure, input } })

/** Neither door opens, both say the same, and no row changes. */
async function expectShut(token: string, code: string): Promise<void> {
  const before = await countRows(server)
  const [opened, invoked, answered] = [
    await open(token),
    await invoke(token),
    await invoke(token, 'intake.answer', { questionId: 'given-name', answer: 'Eve' }),
  ]
  expect([opened.code, invoked.code, answered.code], token).toEqual([code, code, code])
  expect(new Set([opened.message, invoked.message, answered.message]).size).toBe(1)
  expect(await countRows(server)).toEqual(before)
}

describe('a link', { concurrent: false }, () => {
  test('opens for whoever holds it', async () => {
    const { token } = await makeLink()
    expect((await open(token)).status).toBe(200)
    expect((await invoke(token)).status).toBe(200)
  })

  test('that is forged is as good as none, in every single character', async () => {
    const { token } = await makeLink()
    const bytes = Buffer.from(token, 'base64url')
    const forged: string[] = []
    for (let at = 0; at < bytes.length; at++) {
      const copy = Buffer.from(bytes)
      copy[at] = (copy[at] ?? 0) ^ 1
      forged.push(copy.toString('base64url'))
    }
    const none = await open(linkToken(SECRET, { organizationId: clinic.organizationId, linkId: NOWHERE }))
    expect(none.code).toBe('not-found')
    for (const answer of await Promise.all(forged.map((each) => open(each)))) expect(answer.text).toBe(none.text)
    expect(forged).toHaveLength(48)
    await expectShut(linkToken('another secret', { organizationId: clinic.organizationId, linkId: NOWHERE }), 'not-found')
    for (const spelled of [
      `${token}=`,
      `${token}A`,
      token.slice(0, -1),
      token.toUpperCase(),
      ` ${token}`,
      `${token.slice(0, 20)}.${token.slice(20)}`,
    ])
      await expectShut(spelled, 'not-found')
  })

  test('of one clinic does not become another’s by its ids', async () => {
    const second = await openSecondClinic(clinic)
    const mine = await makeLink()
    const theirs = await makeLink(await second.as('front-desk'))
    await expectShut(linkToken(SECRET, { organizationId: second.organizationId, linkId: mine.id }), 'not-found')
    await expectShut(linkToken(SECRET, { organizationId: clinic.organizationId, linkId: theirs.id }), 'not-found')
    const swapped = Buffer.concat([
      Buffer.from(theirs.token, 'base64url').subarray(0, 16),
      Buffer.from(mine.token, 'base64url').subarray(16),
    ])
    await expectShut(swapped.toString('base64url'), 'not-found')
    await expect(desk.links.url.query({ id: theirs.id })).rejects.toMatchObject({ data: { refusal: { code: 'not-found' } } })
    expect((await desk.links.list.query({})).items.some(({ id }) => id === theirs.id)).toBe(false)
  })

  test('calls no other procedure than it names', async () => {
    const { token } = await makeLink()
    const before = await countRows(server)
    const known = [...clinic.kernel.registry.plugins.values()].flatMap((plugin) => [...plugin.procedures.keys()])
    const others = [
      ...known.filter((name) => name !== 'intake.next' && name !== 'intake.answer'),
      'patients.search',
      'intake.__proto__',
      '',
      'intake',
    ]
    for (const procedure of others) expect((await invoke(token, procedure)).code, procedure).toBe('not-allowed')
    expect(others.length).toBeGreaterThan(20)
    const { 'kernel.link': _, ...after } = await countRows(server)
    expect(before).toMatchObject(after)
  })

  test('past its time is shut', async () => {
    const { token } = await makeLink()
    hoursAhead = 24 * 91
    try {
      await expectShut(token, 'expired')
    } finally {
      hoursAhead = 0
    }
    expect((await open(token)).status).toBe(200)
  })

  test('after the interview was approved is used up: no answer is taken twice', async () => {
    const { id, token } = await makeLink()
    await answerInterview(clinic.anonymous, token, { 'family-name': 'Once' })
    const proposals = Number(
      (await server.query(`select count(*) as count from kernel.proposal where action = 'patient.register'`)).rows[0].count,
    )
    // Between the last answer and the approval, the same answers again make no second proposal.
    await invoke(token, 'intake.answer', { questionId: 'given-name', answer: 'Eve' })
    await invoke(token)
    await idle(clinic.adminUrl)
    expect(
      Number((await server.query(`select count(*) as count from kernel.proposal where action = 'patient.register'`)).rows[0].count),
    ).toBe(proposals)
    const proposal = await pendingOf(desk, 'patient.register')
    const { seenHash } = await desk.proposals.get.query({ id: proposal.id })
    await desk.proposals.decide.mutate({ id: proposal.id, verdict: 'approve', seenHash })
    await idle(clinic.adminUrl)
    await expectShut(token, 'expired')
    await expect(desk.links.url.query({ id })).rejects.toMatchObject({ data: { refusal: { code: 'expired' } } })
  })

  test('answers twenty times at once as if one after the other', async () => {
    const { token } = await makeLink()
    const first = await invoke(token)
    const { question } = JSON.parse(first.text).result.data
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => invoke(token, 'intake.answer', { questionId: question.id, answer: 'Rosa' })),
    )
    for (const answer of answers) expect(answer.status, answer.text).toBeLessThan(500)
    expect(answers.some((answer) => answer.status === 200)).toBe(true)
    expect(reports).toEqual([])
    const { rows } = await server.query(
      `select count(*)::int as uses from audit.entry where action = 'link.used' and refs ->> 'linkId' = (select id::text from kernel.link order by created_at desc limit 1)`,
    )
    expect(rows).toEqual([{ uses: 1 }])
  })
})

describe('a link and a session', { concurrent: false }, () => {
  test('are no substitute for each other', async () => {
    const { token } = await makeLink()
    // The token of a link in the place of a session cookie, in every form a cookie may have.
    const name = staffCookie.split('=')[0] ?? ''
    for (const cookie of [`${name}=${token}`, token, `token=${token}`, `__Host-${name}=${token}`]) {
      const answer = await ask(clinic.http.url, { path: 'session.me', type: 'query', cookie })
      expect([answer.status, answer.code], cookie).toEqual([401, 'not-signed-in'])
    }
    const bearer = await ask(clinic.http.url, { path: 'session.me', type: 'query', headers: { authorization: `Bearer ${token}` } })
    expect(bearer.status).toBe(401)
    // A session's secret in the place of a link.
    const session = staffCookie.split('=')[1] ?? ''
    await expectShut(session, 'not-found')
    // And being signed in opens no link and gives a link no right.
    expect((await open('x'.repeat(64), staffCookie)).code).toBe('not-found')
    const both = await ask(clinic.http.url, {
      path: 'links.invoke',
      type: 'mutation',
      input: { token, procedure: 'intake.start', input: {} },
      cookie: staffCookie,
    })
    expect(both.code).toBe('not-allowed')
  })

  test('a member of staff cannot answer in the place of the patient', async () => {
    for (const procedure of ['intake.next', 'intake.answer'])
      await expect(desk.plugins.invoke.mutate({ procedure, input: {} })).rejects.toMatchObject({
        data: { refusal: { code: 'not-allowed' } },
      })
  })
})
