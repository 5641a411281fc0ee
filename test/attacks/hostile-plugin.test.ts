import { openKernel } from '@gonio/core'
import { FunctionNode, IdentifierNode, OperatorNode, sql, ValueNode } from 'kysely'
import pg from 'pg'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { clinic as demo } from '../../examples/small-clinic/gonio.config.ts'
import { countRows, idle, openSecondClinic } from '../support/attack.ts'
import { clientFor, eventually, openClinic, signInAs } from '../support/clinic.ts'
import type { Client, TestClinic } from '../support/clinic.ts'
import { hostilePlugin, victimPlugin } from '../support/hostile-plugins.ts'
import type { Attack, HostileRun } from '../support/hostile-plugins.ts'
import { openTreatment } from '../support/story-steps.ts'

/**
 * A plugin that wants more than it was given. Whatever it tries: nothing is written, the plugin beside it goes on, and the failure is to be
 * seen with a code and no words.
 * Each wall was taken out once. The table of texts in plugins/query.ts out: the five "puts SQL in …" fail. The copies in plugins/host.ts
 * out: a proposal holds 666, settings stay poisoned. The rebuilt refusal or assertIdsOnly() out: a patient's name stands in jobs, events
 * and reports. The permissions of effects out: a visit is canceled without one.
 */
const CANARY = 'Zyqwvut'
const DOOR = { patientId: '', episodeId: '', visitId: '', linkId: '', otherOrganization: '' }

/** Sends a query tree as it is, as code that does not use Kysely's builders would. */
async function sendTree(run: HostileRun, query: unknown): Promise<void> {
  await run.tables.executeQuery({ query: query as never, sql: '', parameters: [], queryId: { queryId: 'x' } })
}
const insertOne = (run: HostileRun, note = 'hostile') => run.tables.insertInto('effect').values({ id: run.newId(), n: 1, note })
const selectOne = (run: HostileRun) => run.tables.selectFrom('effect').select('n').where('n', '=', 1)
const elsewhere = (run: HostileRun, schema: string, table: string) => run.tables.withSchema(schema).insertInto(table as never)

/** A copy of a tree in which every node of a kind is changed. */
function alter(node: unknown, kind: string, change: (node: object) => object): unknown {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map((member) => alter(member, kind, change))
  const copy = Object.fromEntries(Object.entries(node).map(([key, member]) => [key, alter(member, kind, change)]))
  return Reflect.get(copy, 'kind') === kind ? change(copy) : copy
}
const TAKE_OVER = `= 1; reset role; select set_config('gonio.org', '${'0'.repeat(8)}', true); update kernel.organization set name = '${CANARY}'; --`

/** name → what the job ends with, and what it does. */
const ATTACKS: Readonly<Record<string, { readonly code: string; readonly attack: Attack }>> = {
  'throws an error with a name in it': {
    code: 'plugin-failed',
    attack: () => Promise.reject(new TypeError(`${CANARY} is not a function`)),
  },
  'throws what is no error': { code: 'plugin-failed', attack: () => Promise.reject({ toString: () => CANARY }) },
  'throws nothing': { code: 'plugin-failed', attack: () => Promise.reject(undefined) },
  'throws a refusal with a code of its own': {
    code: 'plugin-failed',
    attack: () => Promise.reject(Object.assign(new Error(CANARY), { name: 'Refusal', code: `${CANARY}, Rosa` })),
  },
  'throws an error with a class of its own': {
    code: 'plugin-failed',
    attack: () => Promise.reject(Object.assign(new Error('x'), { name: `${CANARY} Rosa` })),
  },
  'fails in the middle of its effects': {
    code: 'plugin-failed',
    attack: async (run) => {
      await insertOne(run).execute()
      run.emit('hostile.half', {})
      throw new Error('half way')
    },
  },
  'writes the chart by a schema': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await elsewhere(run, 'chart', 'patient')
        .values({ id: run.newId() } as never)
        .execute()),
  },
  'writes the staff by a schema': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await elsewhere(run, 'kernel', 'staff')
        .values({ id: run.newId() } as never)
        .execute()),
  },
  'writes another plugin’s table by a schema': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await elsewhere(run, 'plugin_victim', 'effect')
        .values({ id: run.newId(), n: 1, note: 'x' } as never)
        .execute()),
  },
  'updates the chart by a schema': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await run.tables
        .withSchema('chart')
        .updateTable('patient' as never)
        .set({ given_name: 'x' } as never)
        .execute()),
  },
  'deletes from the audit log': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await run.tables
        .withSchema('audit')
        .deleteFrom('entry' as never)
        .execute()),
  },
  'names a table with a quotation mark': {
    code: 'plugin-failed',
    attack: async (run) =>
      void (await run.tables
        .insertInto('effect" (id) values (1); --' as never)
        .values({ id: run.newId() } as never)
        .execute()),
  },
  'writes a table that is not there': {
    code: 'plugin-failed',
    attack: async (run) =>
      void (await run.tables
        .insertInto('patient' as never)
        .values({ id: run.newId() } as never)
        .execute()),
  },
  'writes in the name of another clinic': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await run.tables
        .insertInto('effect')
        .values({ id: run.newId(), n: 1, note: 'x', organization_id: DOOR.otherOrganization } as never)
        .execute()),
  },
  'writes a text that cannot be stored': {
    code: 'invalid-input',
    attack: async (run) => void (await insertOne(run, `${CANARY}\u0000`).execute()),
  },
  'writes the same row twice': {
    code: 'conflict',
    attack: async (run) => {
      const id = run.newId()
      for (const n of [1, 2]) await run.tables.insertInto('effect').values({ id, n, note: CANARY }).execute()
    },
  },
  'sends raw SQL': {
    code: 'not-allowed',
    attack: async (run) => void (await sql`update kernel.organization set name = 'x'`.execute(run.tables)),
  },
  'hides raw SQL in a value': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await run.tables
        .insertInto('effect')
        .values({ id: run.newId(), n: sql`(select 1)`, note: 'x' })
        .execute()),
  },
  'hides raw SQL in a condition': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await selectOne(run)
        .where(sql<boolean>`pg_sleep(9) is null`)
        .execute()),
  },
  'calls set_config': {
    code: 'not-allowed',
    attack: async (run) => {
      const call = FunctionNode.create('set_config', [
        ValueNode.create('gonio.org'),
        ValueNode.create(DOOR.otherOrganization),
        ValueNode.create(false),
      ])
      await sendTree(
        run,
        alter(selectOne(run).toOperationNode(), 'SelectionNode', (node) => ({
          ...node,
          selection: { kind: 'AliasNode', node: call, alias: IdentifierNode.create('x') },
        })),
      )
    },
  },
  'calls a function in a write': {
    code: 'not-allowed',
    attack: async (run) =>
      sendTree(
        run,
        alter(insertOne(run).toOperationNode(), 'PrimitiveValueListNode', () => ({
          kind: 'ValueListNode',
          values: [FunctionNode.create('pg_read_file', [ValueNode.create('/etc/passwd')])],
        })),
      ),
  },
  'uses a common table expression': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await run.tables
        .with('x', (db) => db.selectFrom('effect').select('n'))
        .selectFrom('x')
        .selectAll()
        .execute()),
  },
  'unites its rows with others': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await selectOne(run)
        .unionAll(
          run.tables
            .withSchema('chart')
            .selectFrom('patient' as never)
            .select('id' as never) as never,
        )
        .execute()),
  },
  'locks rows': { code: 'not-allowed', attack: async (run) => void (await selectOne(run).forUpdate().execute()) },
  'reads the catalog': {
    code: 'not-allowed',
    attack: async (run) =>
      void (await run.tables
        .withSchema('pg_catalog')
        .selectFrom('pg_roles' as never)
        .selectAll()
        .execute()),
  },
  'puts SQL in an operator': {
    code: 'not-allowed',
    attack: async (run) =>
      sendTree(
        run,
        alter(selectOne(run).toOperationNode(), 'OperatorNode', () => OperatorNode.create(TAKE_OVER as never)),
      ),
  },
  'puts SQL in an operator of a write': {
    code: 'not-allowed',
    attack: async (run) =>
      sendTree(
        run,
        alter(run.tables.deleteFrom('effect').where('n', '=', 1).toOperationNode(), 'OperatorNode', () =>
          OperatorNode.create(TAKE_OVER as never),
        ),
      ),
  },
  'puts SQL in a type': {
    code: 'not-allowed',
    attack: async (run) => {
      const cast = run.tables
        .selectFrom('effect')
        .select((row) => row.cast<string>('n', 'text').as('x'))
        .toOperationNode()
      await sendTree(
        run,
        alter(cast, 'DataTypeNode', (node) => ({ ...node, dataType: `text); ${TAKE_OVER}` })),
      )
    },
  },
  'puts SQL in the order': {
    code: 'not-allowed',
    attack: async (run) =>
      sendTree(
        run,
        alter(selectOne(run).orderBy('n').toOperationNode(), 'OrderByItemNode', (node) => ({ ...node, nulls: `last; ${TAKE_OVER}` })),
      ),
  },
  'puts SQL in a name of a function': {
    code: 'not-allowed',
    attack: async (run) =>
      sendTree(
        run,
        alter(
          run.tables
            .selectFrom('effect')
            .select((row) => row.fn.max('n').as('x'))
            .toOperationNode(),
          'AggregateFunctionNode',
          (node) => ({ ...node, func: `max(1); ${TAKE_OVER}` }),
        ),
      ),
  },
  'asks to have its query explained': {
    code: 'not-allowed',
    attack: async (run) => sendTree(run, { ...selectOne(run).toOperationNode(), explain: { kind: 'ExplainNode', format: TAKE_OVER } }),
  },
  'sends a tree of a million parts': {
    code: 'too-large',
    attack: async (run) =>
      sendTree(run, { ...selectOne(run).toOperationNode(), extra: Array.from({ length: 100_000 }, () => ({ kind: 'AndNode' })) }),
  },
  'selects more than it may hold': {
    code: 'too-many',
    attack: async (run) => void (await run.tables.selectFrom('effect').selectAll().execute()),
  },
  'reads a patient without permission': { code: 'not-allowed', attack: async (run) => void (await run.chart.patient(DOOR.patientId)) },
  'reads measurements without permission': {
    code: 'not-allowed',
    attack: async (run) => void (await run.chart.measurements({ episodeId: DOOR.episodeId })),
  },
  'reads the staff without permission': { code: 'not-allowed', attack: async (run) => void (await run.chart.clinic()) },
  'proposes a patient without permission': {
    code: 'not-allowed',
    attack: async (run) => void run.propose({ action: 'patient.register', title: 'x', payload: {}, refs: {}, evidence: [] }),
  },
  'proposes a note without permission': {
    code: 'not-allowed',
    attack: async (run) => void run.propose({ action: 'document.sign', title: 'x', payload: {}, refs: {}, evidence: [] }),
  },
  'proposes what nobody offers': {
    code: 'plugin-failed',
    attack: async (run) => void run.propose({ action: 'hostile.unknown', title: 'x', payload: {}, refs: {}, evidence: [] }),
  },
  'proposes a megabyte': {
    code: 'too-large',
    attack: async (run) =>
      void run.propose({ action: 'hostile.act', title: 'x', payload: { attack: 'x'.repeat(1_000_000) }, refs: {}, evidence: [] }),
  },
  'says that a visit was completed': { code: 'not-allowed', attack: async (run) => run.emit('visit.completed', { visitId: DOOR.visitId }) },
  'says that a plan was approved': { code: 'not-allowed', attack: async (run) => run.emit('plan.approved', {}) },
  'speaks in another plugin’s name': { code: 'not-allowed', attack: async (run) => run.emit('victim.pong', {}) },
  'names an event after a patient': { code: 'invalid-input', attack: async (run) => run.emit(`hostile.${CANARY} Rosa`, {}) },
  'hides a name in the refs of an event': { code: 'invalid-input', attack: async (run) => run.emit('hostile.told', { ownId: CANARY }) },
  'hides a name under the refs of an event': {
    code: 'invalid-input',
    attack: async (run) => run.emit('hostile.told', { [CANARY]: DOOR.patientId } as never),
  },
  'changes the chart from an ordinary handler': {
    code: 'not-allowed',
    attack: async (run) => run.change({ kind: 'visit.cancel', id: DOOR.visitId, version: 3, reason: 'x' }),
  },
  'records a measurement without permission': {
    code: 'not-allowed',
    attack: async (run) => {
      const { patientId, episodeId } = DOOR
      run.recordMeasurement({
        patientId,
        episodeId,
        visitId: null,
        code: 'nprs',
        value: 1,
        unit: '{score}',
        side: 'none',
        takenAt: run.now,
        detail: null,
      })
    },
  },
  'sends without approval': {
    code: 'not-allowed',
    attack: async (run) => void run.deliver({ target: 'fax', key: 'k', body: {}, refs: {} }),
  },
  'asks for an effect that does not exist': { code: 'not-allowed', attack: async (run) => run.change({ kind: 'staff.promote' } as never) },
  'acts as the kernel does': {
    code: 'not-allowed',
    attack: async (run) => run.change({ kind: 'proposal.settle', id: run.newId(), state: 'expired' } as never),
  },
  'runs another plugin’s handler': {
    code: 'not-allowed',
    attack: async (run) =>
      run.change({ kind: 'handler.rerun', plugin: 'victim', handler: 'job:victim.count', input: {}, refs: {} } as never),
  },
  'wants 501 effects': {
    code: 'plugin-failed',
    attack: async (run) => Array.from({ length: 501 }).forEach(() => run.emit('hostile.many', {})),
  },
  'puts words in a job': {
    code: 'invalid-input',
    attack: async (run) => run.enqueue('hostile.run', { attack: `${CANARY} has back pain` }),
  },
  'puts an object in a job': {
    code: 'invalid-input',
    attack: async (run) => run.enqueue('hostile.run', { attack: { name: CANARY } } as never),
  },
  'puts words in a field of a job': { code: 'invalid-input', attack: async (run) => run.enqueue('hostile.run', { [`${CANARY} Rosa`]: 1 }) },
  'puts 30 fields in a job': {
    code: 'too-large',
    attack: async (run) => run.enqueue('hostile.run', Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, at]))),
  },
  'queues another plugin’s job': { code: 'plugin-failed', attack: async (run) => run.enqueue('victim.count', {}) },
  'closes another plugin’s link': { code: 'not-found', attack: async (run) => run.closeLink(DOOR.linkId) },
  'makes a link that never ends': {
    code: 'invalid-input',
    attack: async (run) => void run.createLink({ procedures: ['hostile.now'], subject: {}, expiresInHours: 1e9 }),
  },
  'hides a name in a link': {
    code: 'invalid-input',
    attack: async (run) => void run.createLink({ procedures: ['hostile.now'], subject: { patientId: CANARY }, expiresInHours: 1 }),
  },
}

/** These are not failures: what they try simply has no effect. */
const TRICKS: Readonly<Record<string, Attack>> = {
  'changes a proposal later': async (run) => {
    const payload = { attack: 'nothing' }
    run.propose({ action: 'hostile.act', title: 'later', payload, refs: {}, evidence: [], key: 'later' })
    const change = (left: number): void => {
      payload.attack = '666'
      if (left > 0) setImmediate(change, left - 1)
    }
    setImmediate(change, 500)
  },
  'changes its settings': async (run) => {
    const words = Reflect.get(run.settings, 'words') as string[]
    if (words.length > 1) run.emit('hostile.poisoned', {})
    words.push('second')
  },
  'discharges instead': async (run) => run.change({ kind: 'episode.discharge', id: DOOR.episodeId, version: 1, reason: 'x' }),
  'cancels a visit without permission': async (run) => run.change({ kind: 'visit.cancel', id: DOOR.visitId, version: 3, reason: 'x' }),
}

const attacks = {
  ...Object.fromEntries(Object.entries(ATTACKS).map(([name, { attack }]) => [codeOf(name), attack])),
  ...Object.fromEntries(Object.entries(TRICKS).map(([name, attack]) => [codeOf(name), attack])),
}
/** A job carries short codes only. */
function codeOf(name: string): string {
  return name.replaceAll(/[^a-z0-9]+/gi, '-')
}

let clinic: TestClinic
let desk: Client
let server: pg.Client
const reports: { text: string; error: unknown }[] = []

beforeAll(async () => {
  clinic = await openClinic({
    plugins: [...demo.plugins, hostilePlugin(attacks), victimPlugin],
    onReport: ({ text, error }) => reports.push({ text, error }),
  })
  const pt = clientFor(clinic.http.url, await signInAs(clinic.http.url, 'therapist'))
  desk = clientFor(clinic.http.url, await signInAs(clinic.http.url, 'front-desk'))
  DOOR.otherOrganization = (await openSecondClinic(clinic)).organizationId
  Object.assign(DOOR, await openTreatment(desk, pt, CANARY))
  DOOR.linkId = String(Object((await desk.plugins.invoke.mutate({ procedure: 'victim.link', input: {} })).output).id)
  server = new pg.Client({ connectionString: clinic.adminUrl })
  await server.connect()
  await server.query('begin')
  await server.query(`select set_config('gonio.audited', pg_current_xact_id()::text, true)`)
  await server.query(
    `insert into plugin_hostile.effect (id, n, note, organization_id) select gen_random_uuid(), 2, 'x', $1 from generate_series(1, 6000)`,
    [clinic.organizationId],
  )
  await server.query('commit')
  await idle(clinic.adminUrl)
})
afterAll(async () => {
  await server.end()
  await clinic.close()
})

const start = (name: string, job = 'hostile.run') =>
  desk.plugins.invoke.mutate({ procedure: 'hostile.start', input: { attack: codeOf(name), job } })

interface Ended {
  readonly state: string
  readonly output: unknown
  readonly correlationId: string
}
const endOf = (name: string): Promise<Ended> =>
  eventually(`the end of "${name}"`, async () => {
    const { rows } = await server.query<Ended>(
      `select state, output, data ->> 'correlationId' as "correlationId" from pgboss.job where data -> 'input' ->> 'attack' = $1 and state in ('cancelled', 'completed', 'failed')`,
      [codeOf(name)],
    )
    return rows[0]
  })

const counted = async (): Promise<number> =>
  Number((await server.query('select count(*) as count from plugin_victim.effect')).rows[0].count)
/** The plugin beside it still does its work. */
async function expectVictimWell(): Promise<void> {
  const before = await counted()
  await desk.plugins.invoke.mutate({ procedure: 'victim.start', input: {} })
  await eventually('the victim’s job', async () => ((await counted()) > before ? true : null), 5_000)
}

/** Everything but the count of jobs, which an attack raises by being one. */
async function rows(): Promise<Readonly<Record<string, string>>> {
  const { jobs: _, ...rest } = await countRows(server)
  return rest
}

async function expectFailed(name: string, code: string): Promise<void> {
  const ended = await endOf(name)
  expect(ended, name).toMatchObject({ state: 'cancelled', output: { code } })
  await eventually('its place in the audit log', async () => {
    const { rows: found } = await server.query(
      `select 1 from audit.entry where action = 'run.failed' and correlation_id = $1 and detail ->> 'code' = $2`,
      [ended.correlationId, code],
    )
    return found[0]
  })
  expect(
    reports.some(({ text }) => text.includes(`of hostile: ${code} (given up)`)),
    name,
  ).toBe(true)
}

describe('a hostile plugin', { concurrent: false }, () => {
  test('tries everything at once, and nothing is written', async () => {
    const before = await rows()
    for (const name of Object.keys(ATTACKS)) await start(name)
    for (const name of Object.keys(ATTACKS)) await endOf(name)
    expect(await rows()).toEqual(before)
  })

  test.each(Object.entries(ATTACKS).map(([name, { code }]) => [name, code]))('that %s is stopped with %s', (name, code) =>
    expectFailed(name, code),
  )

  test('that never returns is stopped after its time while the others work', async () => {
    const before = await rows()
    const began = Date.now()
    await start('hangs', 'hostile.hang')
    await expectVictimWell()
    await expectFailed('hangs', 'plugin-failed')
    expect(Date.now() - began).toBeLessThan(10_000)
    const { 'plugin_victim.effect': _, ...after } = await rows()
    expect(before).toMatchObject(after)
  })

  test('leaves the plugin beside it at work, and its failures are listed for an operator', async () => {
    await expectVictimWell()
    const manager = await clinic.as('manager')
    const { items, counts } = await manager.jobs.list.query({ state: 'failed' })
    expect(counts.failed).toBeGreaterThanOrEqual(Object.keys(ATTACKS).length)
    expect(items.every((item) => item.error !== null)).toBe(true)
  })

  test('that changes a proposal after it was handed in changes nothing', async () => {
    await start('changes a proposal later')
    expect(await endOf('changes a proposal later')).toMatchObject({ state: 'completed' })
    const { rows: found } = await server.query(`select payload from kernel.proposal where plugin = 'hostile' and key = 'later'`)
    expect(found).toEqual([{ payload: { attack: 'nothing' } }])
  })

  test('that changes its settings in memory finds them as they were', async () => {
    for (let time = 0; time < 3; time++)
      await desk.plugins.invoke.mutate({ procedure: 'hostile.now', input: { attack: codeOf('changes its settings') } })
    const { rows: found } = await server.query(`select 1 from kernel.event where type = 'hostile.poisoned'`)
    expect(found).toEqual([])
  })

  test.each(['discharges instead', 'cancels a visit without permission'])('whose approved action %s is refused', async (attack) => {
    const { output } = await desk.plugins.invoke.mutate({ procedure: 'hostile.propose', input: { attack: codeOf(attack) } })
    const id = String(Object(output).id)
    const { seenHash } = await desk.proposals.get.query({ id })
    const before = await rows()
    await expect(desk.proposals.decide.mutate({ id, seenHash, verdict: 'approve' })).rejects.toMatchObject({
      data: { refusal: { code: 'not-allowed' } },
    })
    expect(await rows()).toEqual(before)
    expect(await desk.proposals.get.query({ id })).toMatchObject({ state: 'pending', decision: null })
  })

  test('that would let the front desk sign the clinical record is not loaded', async () => {
    const { actions } = hostilePlugin({})
    const action = { ...[...actions.values()][0]!, effects: ['document.sign' as const] }
    const signing = { ...hostilePlugin({}), actions: new Map([[action.name, action]]) }
    const open = openKernel({
      adminUrl: clinic.adminUrl,
      secret: 'secret-of-the-test-databases',
      secretsDir: clinic.secretsDir,
      plugins: [signing],
      role: 'api',
    })
    await expect(open).rejects.toThrow(/clinical record/)
  })

  test('in an endless conversation with another comes to the end of the story', async () => {
    const before = reports.length
    await desk.plugins.invoke.mutate({ procedure: 'victim.ring', input: {} })
    await eventually('the end of the loop', async () => (reports.slice(before).some(({ text }) => text.includes('too-many')) ? true : null))
    const { rows: found } = await server.query<{ count: number; depth: number }>(
      `select count(*)::int as count, max(depth) as depth from kernel.event where correlation_id = (select correlation_id from kernel.event where type = 'victim.pong' order by occurred_at desc limit 1)`,
    )
    expect(found).toEqual([{ count: 20, depth: 19 }])
    await expectVictimWell()
  })

  test('leaves no name of a patient in jobs, events, the audit log or the reports', async () => {
    expect(reports.length).toBeGreaterThan(Object.keys(ATTACKS).length)
    expect(reports.map(({ text, error }) => `${text} ${inspect(error, { depth: 8 })}`).filter((text) => text.includes(CANARY))).toEqual([])
    for (const [table, text] of [
      ['pgboss.job', 'data::text || coalesce(output::text, $$$$)'],
      ['kernel.event', 'type || refs::text'],
      ['audit.entry', 'action || refs::text || detail::text'],
    ] as const) {
      const { rows: found } = await server.query(`select ${text} as text from ${table} where ${text} like '%${CANARY}%'`)
      expect(found, table).toEqual([])
    }
  })
})
