import { afterAll, beforeAll, expect, test } from 'vitest'

import { transact } from '../db/index.ts'
import { addOrganization } from '../testing/index.ts'
import { closeLink, createLink, linkToken, markLinkUsed, openLink } from './index.ts'
import { MINUTE_MS, openTestPeople, refusalOf, SYSTEM } from './test-people.ts'
import type { TestPeople } from './test-people.ts'

const SECRET = 'the secret of this installation'
const CAUSE = { actor: SYSTEM, correlationId: '01890000-0000-7000-8000-000000000001', causationId: null }
const PATIENT = '01890000-0000-7000-8000-0000000000aa'

let people: TestPeople
let organizationId: string
let otherId: string
beforeAll(async () => {
  people = await openTestPeople()
  organizationId = people.scratch.organizationId
  otherId = await addOrganization(people.scratch.db)
})
afterAll(() => people.scratch.close())

async function addLink(expiresInHours = 24, of = organizationId): Promise<string> {
  const id = people.deps.clock.newId()
  const link = {
    id,
    plugin: 'intake',
    procedures: ['intake.next', 'intake.answer'],
    subject: { patientId: PATIENT },
    language: 'es' as const,
    title: 'Intake',
    expiresInHours,
  }
  await transact(people.scratch.db, of, (tx) => createLink(tx, people.deps.clock, of, link, CAUSE))
  return id
}

function open(token: string, secret = SECRET): ReturnType<typeof openLink> {
  return openLink(people.scratch.db, secret, token, people.deps.clock.now())
}

const NOT_FOUND = { code: 'not-found', message: 'This link is not valid. Ask the clinic for a new one.' }
const EXPIRED = { code: 'expired', message: 'This link has expired or was used already. Ask the clinic for a new one.' }

test('openLink says what the link allows, and its token can be shown again', async () => {
  const linkId = await addLink()
  const token = linkToken(SECRET, { organizationId, linkId })
  expect(token).toBe(linkToken(SECRET, { organizationId, linkId }))
  expect(token).toMatch(/^[\w-]{64}$/)
  expect(await open(token)).toEqual({
    kind: 'patient',
    organizationId,
    linkId,
    plugin: 'intake',
    procedures: ['intake.next', 'intake.answer'],
    subject: { patientId: PATIENT },
    language: 'es',
    title: 'Intake',
  })
})

test('openLink refuses every forged token as if the link did not exist', async () => {
  const linkId = await addLink()
  const token = linkToken(SECRET, { organizationId, linkId })
  const bytes = Buffer.from(token, 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const forged = Buffer.from(bytes)
    forged[at] = (forged[at] ?? 0) ^ 1
    expect(await refusalOf(open(forged.toString('base64url')))).toEqual(NOT_FOUND)
  }
  const others = [
    '',
    'x',
    token.slice(0, -1),
    `${token}A`,
    `${token}=`,
    token.replace(/^./, ' '),
    'A'.repeat(64),
    'A'.repeat(100_000),
    `${token}\u0000`,
  ]
  for (const other of others) expect(await refusalOf(open(other)), other.slice(0, 80)).toEqual(NOT_FOUND)
  expect(await refusalOf(open(token, 'another secret'))).toEqual(NOT_FOUND)
})

test('openLink refuses a genuine token of a link that is not there with the same words', async () => {
  expect(await refusalOf(open(linkToken(SECRET, { organizationId, linkId: people.deps.clock.newId() })))).toEqual(NOT_FOUND)
})

test('openLink looks a forged token up like a genuine one', async () => {
  const queriesFor = async (token: string): Promise<number> => {
    let queries = 0
    const counting = people.scratch.db.withPlugin({
      transformQuery: ({ node }) => {
        queries += 1
        return node
      },
      transformResult: async ({ result }) => result,
    })
    expect(await refusalOf(openLink(counting, SECRET, token, people.deps.clock.now()))).toEqual(NOT_FOUND)
    return queries
  }
  const missing = linkToken(SECRET, { organizationId, linkId: people.deps.clock.newId() })
  expect(await queriesFor('A'.repeat(64))).toBe(await queriesFor(missing))
  expect(await queriesFor(missing)).toBeGreaterThan(0)
})

test('a link of one organization is not found through another', async () => {
  const linkId = await addLink(24, otherId)
  expect(await refusalOf(open(linkToken(SECRET, { organizationId, linkId })))).toEqual(NOT_FOUND)
  expect((await open(linkToken(SECRET, { organizationId: otherId, linkId }))).organizationId).toBe(otherId)
  await transact(people.scratch.db, organizationId, (tx) => closeLink(tx, people.deps.clock, { organizationId, linkId }, CAUSE))
  expect((await open(linkToken(SECRET, { organizationId: otherId, linkId }))).linkId).toBe(linkId)
})

test('openLink refuses a link from the very instant it expires', async () => {
  const token = linkToken(SECRET, { organizationId, linkId: await addLink(1) })
  people.pass(60 * MINUTE_MS - 1)
  expect(await refusalOf(open(token))).toBeNull()
  people.pass(1)
  expect(await refusalOf(open(token))).toEqual(EXPIRED)
})

test('closeLink ends a link; using and closing are each on record once', async () => {
  const linkId = await addLink()
  const key = { organizationId, linkId }
  for (let at = 0; at < 2; at += 1) {
    await transact(people.scratch.db, organizationId, (tx) => markLinkUsed(tx, people.deps.clock, key, CAUSE))
    await transact(people.scratch.db, organizationId, (tx) => closeLink(tx, people.deps.clock, key, CAUSE))
  }
  expect(await refusalOf(open(linkToken(SECRET, key)))).toEqual(EXPIRED)
  const entries = await transact(people.scratch.db, organizationId, (tx) =>
    tx.selectFrom('audit.entry').select(['action', 'refs']).orderBy('xid').orderBy('id').execute(),
  )
  const own = entries.filter((entry) => entry.refs.linkId === linkId)
  expect(own.map((entry) => entry.action)).toEqual(['link.created', 'link.used', 'link.closed'])
  expect(own[0]?.refs.patientId).toBe(PATIENT)
})

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 24 * 90 + 1])(
  'createLink refuses a link that is valid for %s hours',
  async (hours) => {
    expect((await refusalOf(addLink(hours)))?.code).toBe('invalid-input')
  },
)
