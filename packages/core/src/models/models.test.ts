import { createHash } from 'node:crypto'
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'

import { Defect, Refusal } from '@gonio/sdk'
import { registerTelemetry } from 'ai'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'

import { systemClock } from '../clock.ts'
import { readOnly } from '../db/index.ts'
import { addOrganization, openTestDatabase } from '../testing/index.ts'
import type { TestDatabase } from '../testing/index.ts'
import { openModels } from './models.ts'
import type { ModelRequest, Models } from './models.ts'
import type { ModelSettings } from './settings.ts'
import { completion, fails, openModelServer, says } from './test-model-server.ts'
import type { ModelServer } from './test-model-server.ts'

/** Planted in the prompt, in answers and in error bodies; it may turn up nowhere but at the model and the caller. */
const CANARY = 'Wilhelmina Quackenbush'
const API_KEY = 'key-of-the-canary'
const schema = z.strictObject({ summary: z.string().max(100), painNow: z.int().min(0).max(10) })
const GOOD = JSON.stringify({ summary: `${CANARY} reports less pain`, painNow: 4 })

let database: TestDatabase
let server: ModelServer
beforeAll(async () => {
  database = await openTestDatabase()
  server = await openModelServer()
})
afterAll(async () => {
  await server.close()
  await database.close()
})

const printed: string[] = []
beforeEach(() => {
  printed.length = 0
  const keep = (...args: unknown[]): boolean => printed.push(inspect(args, { depth: 10 })) > 0
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) vi.spyOn(console, method).mockImplementation(keep)
  vi.spyOn(process, 'emitWarning').mockImplementation(keep)
  vi.spyOn(process.stderr, 'write').mockImplementation(keep)
})
afterEach(() => void vi.restoreAllMocks())

function openFor(over: object = {}, settings?: ModelSettings, allowedHosts: readonly string[] = []): Models {
  const given: ModelSettings = settings ?? {
    provider: 'openai-compatible',
    baseUrl: server.baseUrl,
    model: 'tiny:1b',
    apiKey: API_KEY,
    timeoutMs: 5_000,
    maxOutputTokens: 300,
    ...over,
  }
  return openModels({ db: database.db, clock: systemClock, settingsFor: () => Promise.resolve(given), allowedHosts })
}

function request(over: Partial<ModelRequest<typeof schema>> = {}): ModelRequest<typeof schema> {
  return {
    organizationId: database.organizationId,
    plugin: 'notes',
    task: 'note.draft',
    instructions: 'Sum up the visit.',
    input: `${CANARY}, knee, pain 4/10 (${systemClock.newId()})`,
    schema,
    ...over,
  }
}

/** Runs a call on a fresh organization and answers what it left behind. */
async function observe(models: Models, over: Partial<ModelRequest<typeof schema>> = {}) {
  const organizationId = await addOrganization(database.db)
  const result = await models.callModel(request({ organizationId, ...over })).then(
    (value) => ({ value, error: null }),
    (error: unknown) => ({ value: null, error }),
  )
  return { ...result, organizationId, ...(await left(organizationId)) }
}

async function left(organizationId: string) {
  return readOnly(database.db, organizationId, async (tx) => ({
    uses: await tx.selectFrom('kernel.model_use').selectAll().orderBy('id').execute(),
    entries: await tx.selectFrom('audit.entry').selectAll().where('action', '=', 'model.use').orderBy('id').execute(),
  }))
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('callModel without a model says so, sends nothing and writes nothing', async () => {
  server.reply(says(GOOD))
  const models = openFor({}, { provider: 'none' })
  const { error, uses } = await observe(models)
  expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/No language model is configured.*works without one/) })
  expect(uses).toEqual([])
  expect(server.seen).toEqual([])
  expect(await models.configured(database.organizationId, 'note.draft')).toBe(false)
})

test('callModel answers what the schema accepted, and leaves one row and one audit entry', async () => {
  server.reply(says(GOOD, { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 }))
  const cause = { refs: { patientId: systemClock.newId() }, correlationId: systemClock.newId(), causationId: systemClock.newId() }
  const { value, uses, entries } = await observe(openFor(), { cause })
  expect(value).toEqual({ summary: `${CANARY} reports less pain`, painNow: 4 })
  expect(uses).toMatchObject([
    { plugin: 'notes', task: 'note.draft', provider: 'openai-compatible:tiny:1b', outcome: 'ok', inputTokens: 20, outputTokens: 9 },
  ])
  expect(uses[0]?.outputHash).toBe(sha256(GOOD))
  expect(uses[0]?.inputHash).toMatch(/^[0-9a-f]{64}$/)
  expect(entries).toMatchObject([
    {
      actorKind: 'plugin',
      actorId: 'notes',
      ...cause,
      detail: { useId: uses[0]?.id, outcome: 'ok', reason: 'answered', asked: 1, model: 'tiny:1b' },
    },
  ])
  const [seen] = server.seen
  expect(seen?.headers.authorization).toBe(`Bearer ${API_KEY}`)
  expect(seen?.body).toMatchObject({
    model: 'tiny:1b',
    max_tokens: 300,
    temperature: 0,
    messages: [
      { role: 'system', content: 'Sum up the visit.' },
      { role: 'user', content: expect.stringContaining(CANARY) },
    ],
    response_format: { type: 'json_schema', json_schema: { schema: { required: ['summary', 'painNow'], additionalProperties: false } } },
  })
})

test('callModel keeps token counts unknown when the endpoint does not say', async () => {
  server.reply(says(GOOD))
  expect((await observe(openFor())).uses).toMatchObject([{ outcome: 'ok', inputTokens: null, outputTokens: null }])
  server.reply(says(GOOD, { prompt_tokens: 20 }))
  expect((await observe(openFor())).uses).toMatchObject([{ inputTokens: 20, outputTokens: null }])
})

test('callModel reads an answer inside a code fence', async () => {
  server.reply(says(`\`\`\`json\n${GOOD}\n\`\`\``))
  expect((await observe(openFor())).value).toMatchObject({ painNow: 4 })
})

test('callModel asks once more and tells the model what was wrong', async () => {
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
  const wrong = JSON.stringify({ summary: 'x', painNow: 40 })
  server.reply(says(wrong, usage), says(GOOD, usage))
  const { value, uses, entries } = await observe(openFor())
  expect(value).toMatchObject({ painNow: 4 })
  expect(server.seen[1]?.body.messages.slice(2)).toEqual([
    { role: 'assistant', content: wrong },
    { role: 'user', content: expect.stringContaining('painNow') },
  ])
  expect(uses).toMatchObject([{ outcome: 'ok', inputTokens: 20, outputTokens: 10, outputHash: sha256(GOOD) }])
  expect(entries).toMatchObject([{ detail: { asked: 2 } }])
})

test('callModel asks once more when the answer is no JSON or empty', async () => {
  for (const broken of [`${CANARY} {"summary":`, '']) {
    server.reply(says(broken), says(GOOD))
    expect((await observe(openFor())).value).toMatchObject({ painNow: 4 })
    expect(server.seen.length).toBe(2)
  }
})

test('callModel gives up after the second unusable answer', async () => {
  server.reply(says(JSON.stringify({ [CANARY]: 1 })))
  const { error, uses, entries } = await observe(openFor())
  expect(error).toMatchObject({ name: 'Refusal', code: 'unavailable', detail: { reason: 'unusable-answer' } })
  expect(server.seen.length).toBe(2)
  expect(uses).toMatchObject([{ outcome: 'refused', outputHash: null }])
  expect(entries).toMatchObject([{ detail: { reason: 'unusable-answer', asked: 2 } }])
})

test('callModel tries a failing server twice, then gives up', async () => {
  server.reply(fails(500, `cannot handle: ${CANARY}`))
  const { error, uses } = await observe(openFor())
  expect(error).toMatchObject({ code: 'unavailable', detail: { reason: 'http-500' } })
  expect(server.seen.length).toBe(2)
  expect(uses).toMatchObject([{ outcome: 'failed', inputTokens: null, outputTokens: null, outputHash: null }])
  server.reply(fails(400, CANARY))
  expect((await observe(openFor())).error).toMatchObject({ detail: { reason: 'http-400' } })
  expect(server.seen.length).toBe(1)
})

test('callModel waits for a slow answer within its time and no longer', async () => {
  server.reply((response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const text = completion(GOOD)
    response.write(text.slice(0, 50))
    setTimeout(() => response.end(text.slice(50)), 150)
  })
  expect((await observe(openFor())).value).toMatchObject({ painNow: 4 })
  const late = await observe(openFor({ timeoutMs: 100 }))
  expect(late.error).toMatchObject({ code: 'unavailable', detail: { reason: 'timed-out' } })
  expect(late.uses).toMatchObject([{ outcome: 'failed' }])
})

test('callModel ends in time when the server never answers, also between two tries', async () => {
  server.reply(() => {})
  expect((await observe(openFor({ timeoutMs: 150 }))).error).toMatchObject({ detail: { reason: 'timed-out' } })
  server.reply((response) => response.writeHead(503, { 'retry-after': '30' }).end())
  expect((await observe(openFor({ timeoutMs: 150 }))).error).toMatchObject({ detail: { reason: 'timed-out' } })
  server.reply(says('no JSON'), () => {})
  expect((await observe(openFor({ timeoutMs: 300 }))).error).toMatchObject({ detail: { reason: 'timed-out' } })
})

test('callModel stops when its caller stops', async () => {
  server.reply(() => {})
  const stopped = new AbortController()
  setTimeout(() => stopped.abort(new Error(CANARY)), 100)
  const { error, uses } = await observe(openFor(), { signal: stopped.signal })
  expect(error).toMatchObject({ code: 'unavailable', detail: { reason: 'aborted' } })
  expect(uses).toMatchObject([{ outcome: 'failed' }])
  server.reply(says(GOOD))
  expect((await observe(openFor(), { signal: stopped.signal })).error).toMatchObject({ detail: { reason: 'aborted' } })
  expect(server.seen).toEqual([])
})

test('callModel reports a server that is not there, or answers something else', async () => {
  const gone = await openModelServer()
  await gone.close()
  const { error } = await observe(openFor({ baseUrl: gone.baseUrl }))
  expect(error).toMatchObject({ code: 'unavailable', detail: { reason: 'unreachable' } })
  server.reply((response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${CANARY}</p>`))
  expect((await observe(openFor())).error).toMatchObject({ detail: { reason: 'unreadable-answer' } })
})

test('callModel sends nothing to a host that is not allowed, and puts the try on record', async () => {
  const models = openFor({ baseUrl: 'https://models.example.com/v1' })
  const called = vi.spyOn(globalThis, 'fetch')
  const { error, uses, entries } = await observe(models)
  expect(called).not.toHaveBeenCalled()
  expect(error).toMatchObject({ code: 'unavailable', detail: { reason: 'host-not-allowed' } })
  expect(uses).toMatchObject([{ outcome: 'refused', inputTokens: 0 }])
  expect(entries).toMatchObject([{ detail: { reason: 'host-not-allowed', asked: 0 } }])
  expect(await models.configured(database.organizationId, 'note.draft')).toBe(false)
  const allowed = openFor({ baseUrl: 'https://models.example.com/v1' }, undefined, ['models.example.com'])
  expect(await allowed.configured(database.organizationId, 'note.draft')).toBe(true)
})

test('callModel follows no redirect to another host', async () => {
  const other = await openModelServer()
  other.reply(says(GOOD))
  server.reply((response) => response.writeHead(307, { location: `${other.baseUrl}/chat/completions`, 'retry-after-ms': '1' }).end())
  expect((await observe(openFor())).error).toMatchObject({ code: 'unavailable' })
  expect(other.seen).toEqual([])
  await other.close()
})

test('callModel uses the model that is set for the task', async () => {
  server.reply(says(GOOD))
  const base = { provider: 'openai-compatible' as const, baseUrl: server.baseUrl, timeoutMs: 5_000, maxOutputTokens: 50 }
  const models = openFor({}, { provider: 'none', tasks: { 'note.draft': { ...base, model: 'for-notes' } } })
  await models.callModel(request())
  expect(server.seen.map(({ body }) => body.model)).toEqual(['for-notes'])
  await expect(models.callModel(request({ task: 'intake.extract' }))).rejects.toMatchObject({ detail: { reason: 'no-model' } })
})

test('callModel asks for the same thing once, on record each time, within one organization', async () => {
  server.reply(says(GOOD, { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 }))
  const models = openFor()
  const organizationId = await addOrganization(database.db)
  const same = request({ organizationId })
  const first = await models.callModel(same)
  first.summary = 'changed by the caller'
  expect(await models.callModel(same)).toMatchObject({ summary: `${CANARY} reports less pain` })
  expect(server.seen.length).toBe(1)
  const { uses, entries } = await left(organizationId)
  expect(uses).toMatchObject([
    { outcome: 'ok', inputTokens: 20 },
    { outcome: 'ok', inputTokens: 0, outputTokens: 0 },
  ])
  expect(uses[1]?.inputHash).toBe(uses[0]?.inputHash)
  expect(entries.map(({ detail }) => detail['reason'])).toEqual(['answered', 'memo'])

  await models.callModel({ ...same, organizationId: await addOrganization(database.db) })
  await models.callModel({ ...same, plugin: 'intake' })
  await models.callModel({ ...same, task: 'note.sum' })
  await models.callModel({ ...same, instructions: 'Other.' })
  await models.callModel({ ...same, schema: schema.extend({ more: z.string().optional() }) })
  expect(server.seen.length).toBe(6)
})

test('callModel does not remember failures', async () => {
  server.reply(fails(500, 'busy'), fails(500, 'busy'), says(GOOD))
  const models = openFor()
  const same = request()
  await expect(models.callModel(same)).rejects.toThrow(Refusal)
  expect(await models.callModel(same)).toMatchObject({ painNow: 4 })
})

test('callModel refuses too much text and names that are no codes before anything is sent', async () => {
  server.reply(says(GOOD))
  await expect(openFor().callModel(request({ input: 'x'.repeat(200_001) }))).rejects.toMatchObject({ code: 'too-large' })
  await expect(openFor().callModel(request({ instructions: 'x'.repeat(20_001) }))).rejects.toMatchObject({ code: 'too-large' })
  await expect(openFor().callModel(request({ task: CANARY }))).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(openFor().callModel(request({ plugin: CANARY }))).rejects.toMatchObject({ code: 'invalid-input' })
  const noJson = openFor().callModel({ ...request(), schema: z.strictObject({ on: z.date() }) })
  await expect(noJson).rejects.toThrow(Defect)
  expect(server.seen).toEqual([])
})

test('callModel reports a schema that throws as a bug, without its words, and puts the use on record', async () => {
  server.reply(says(GOOD))
  const broken = schema.refine((value) => {
    throw new Error(value.summary)
  })
  const { error, uses } = await observe(openFor(), { schema: broken })
  expect(error).toBeInstanceOf(Defect)
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('Quackenbush')
  expect(uses).toMatchObject([{ outcome: 'refused' }])
})

test('callModel hands out no answer that it could not put on record', async () => {
  server.reply(says(GOOD))
  await expect(openFor().callModel(request({ organizationId: systemClock.newId() }))).rejects.toThrow(/model_use|tenant|foreign key/)
})

test('no prompt, answer, error body or key leaves callModel in errors, rows, output or telemetry', async () => {
  const told: unknown[] = []
  const listen = (message: unknown): void => void told.push(message)
  const tell = (): void => void told.push('event')
  registerTelemetry({ onStart: tell, onStepStart: tell, onLanguageModelCallStart: tell, onStepEnd: tell, onEnd: tell })
  const traced = Object.values(tracingChannel('ai:telemetry')).flatMap((channel: unknown) =>
    typeof channel === 'object' && channel !== null && 'name' in channel ? [String(channel.name)] : [],
  )
  const channels = [
    ...new Set([
      'ai:telemetry',
      ...['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((at) => `tracing:ai:telemetry:${at}`),
      ...traced,
    ]),
  ]
  for (const channel of channels) subscribe(channel, listen)

  const leaky = [
    [says(`${CANARY} is no JSON`)],
    [says(JSON.stringify({ summary: CANARY, painNow: CANARY, [CANARY]: CANARY }))],
    [fails(500, CANARY)],
    [fails(401, `${CANARY} ${API_KEY}`)],
    [says(`"${CANARY}`), fails(400, CANARY)],
    [says(GOOD), says(GOOD)],
    [(response: { end(text: string): void }) => response.end(CANARY)],
    [() => {}],
  ]
  const errors: unknown[] = []
  for (const replies of leaky) {
    server.reply(...replies)
    const seen = await observe(openFor({ timeoutMs: 400 }))
    expect(seen.uses.length).toBe(1)
    if (seen.error !== null) errors.push(seen.error)
  }
  for (const channel of channels) unsubscribe(channel, listen)
  expect(errors.length).toBe(leaky.length - 1)
  expect(errors.every((error) => error instanceof Refusal && error.cause === undefined)).toBe(true)
  const shown = errors.map((error) => `${inspect(error, { depth: 20, showHidden: true })}${JSON.stringify(error)}`).join('\n')

  const rows = sql<{ all: string }>`
    select string_agg(line, ' ') as all from (select u::text as line from kernel.model_use u union all
    select e::text || convert_from(e.body, 'utf8') from audit.entry e) lines`
  const stored = (await Promise.all((await organizations()).map((id) => readOnly(database.db, id, (tx) => rows.execute(tx))))).flatMap(
    (result) => result.rows.map((row) => row.all),
  )
  expect(stored.join('\n')).toContain('model.use')
  for (const place of [shown, stored.join('\n'), printed.join('\n')]) {
    for (const word of ['Wilhelmina', 'Quackenbush', API_KEY, 'Sum up the visit'])
      expect(place.includes(word), `${word} leaked`).toBe(false)
  }
  expect(printed).toEqual([])
  expect(told).toEqual([])
})

async function organizations(): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from kernel.tenant`.execute(database.db)
  return rows.map(({ id }) => id)
}
