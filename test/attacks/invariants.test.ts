import { createStaff, systemClock } from '@gonio/core'
import type { Viewer } from '@gonio/core'
import { appendEntries } from '../../packages/core/src/audit/index.ts'
import { readOnly, rolesOf, databaseNameOf, transact } from '../../packages/core/src/db/index.ts'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { clinic as demo } from '../../examples/small-clinic/gonio.config.ts'
import { fillChart, idle, NOWHERE, openSecondClinic } from '../support/attack.ts'
import type { ChartIds, SecondClinic } from '../support/attack.ts'
import { clientFor, openClinic, signInAs } from '../support/clinic.ts'
import type { Client, TestClinic } from '../support/clinic.ts'
import { trialPlugin } from '../support/trial-plugin.ts'

/**
 * Invariants 2, 4 and 6 of the architecture, each with its violation planted.
 * Each wall was taken out once. A watch dropped or row-level security not forced on chart.goal: the table is named. The state check of
 * writeDecision() and the condition of moveProposal() out: the primary key of kernel.decision still keeps effects single, but the clicks
 * that come late are errors; the key dropped too: effects double. The seenHash comparison out: "something else was seen" applies; the
 * facts not compared: "a fact under it changed" applies.
 */
let clinic: TestClinic
let second: SecondClinic
let ids: ChartIds
let desk: Client
let manager: Client
let pt: Client
let server: pg.Client
let hoursAhead = 0
const clock = { now: () => new Date(Date.now() + hoursAhead * 3_600_000), newId: systemClock.newId }

beforeAll(async () => {
  clinic = await openClinic({ plugins: [...demo.plugins, trialPlugin], clock })
  second = await openSecondClinic(clinic)
  const as = async (role: 'front-desk' | 'manager' | 'therapist') => clientFor(clinic.http.url, await signInAs(clinic.http.url, role))
  ;[desk, manager, pt] = [await as('front-desk'), await as('manager'), await as('therapist')]
  ids = await fillChart(clinic, { desk, pt, manager }, 'Invariant')
  server = new pg.Client({ connectionString: clinic.adminUrl })
  await server.connect()
})
afterAll(async () => {
  await idle(clinic.adminUrl)
  await server.end()
  await clinic.close()
})

interface Table {
  readonly name: string
  readonly schema: string
}
const tablesOf = async (where: string): Promise<readonly Table[]> =>
  (
    await server.query<Table>(`
      select format('%I.%I', n.nspname, c.relname) as name, n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and ${where} order by 1`)
  ).rows
const OURS = `(n.nspname in ('kernel', 'chart', 'audit') or n.nspname like 'plugin\\_%')`
const WITH_ORGANIZATION = `exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)`

describe('invariant 2: no write without its audit entry', { concurrent: false }, () => {
  /** A row for a table that has none: each required column gets something of its type. */
  const VALUES: Readonly<Record<string, string>> = {
    uuid: 'gen_random_uuid()',
    text: `'x'`,
    jsonb: `'{}'`,
    timestamptz: 'now()',
    date: 'current_date',
    bool: 'false',
    int4: '1',
    int8: '1',
    float8: '1',
  }
  const NAMED: Readonly<Record<string, string>> = { state: `'queued'`, outcome: `'ok'` }

  async function writeOne(table: string): Promise<void> {
    // Signed revisions refuse every change, so there the write is one more revision.
    if (table === 'chart.document_revision') {
      await server.query(`insert into chart.document_revision (id, organization_id, document_id, revision, statements, text, sha256, signed_by, signed_at)
        select gen_random_uuid(), organization_id, document_id, 999, statements, text, sha256, signed_by, signed_at from chart.document_revision limit 1`)
      return
    }
    const updated = await server.query(
      `update ${table} set organization_id = organization_id where ctid = (select ctid from ${table} limit 1)`,
    )
    if (updated.rowCount === 1) return
    const columns = await server.query<{ name: string; type: string }>(
      `select a.attname as name, t.typname as type from pg_attribute a join pg_type t on t.oid = a.atttypid
       where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef`,
      [table],
    )
    const names = columns.rows.map(({ name }) => `"${name}"`)
    const values = columns.rows.map(({ name, type }) =>
      name === 'organization_id' ? `'${clinic.organizationId}'` : (NAMED[name] ?? VALUES[type] ?? `'x'`),
    )
    const extra = names.includes('"organization_id"') ? '' : ', organization_id'
    await server.query(
      `insert into ${table} (${names.join(', ')}${extra}) values (${values.join(', ')}${extra === '' ? '' : `, '${clinic.organizationId}'`})`,
    )
  }

  test('on any watched table, even by a superuser', async () => {
    const watched = await tablesOf(`exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'require_audit')`)
    const passed: string[] = []
    for (const { name } of watched) {
      await server.query('begin')
      try {
        await writeOne(name)
        await server.query('commit')
        passed.push(`${name}: committed`)
      } catch (error) {
        await server.query('rollback')
        const code: unknown = Reflect.get(Object(error), 'code')
        if (code !== 'GA001') passed.push(`${name}: ${String(code)} ${String(error)}`)
      }
    }
    expect(passed).toEqual([])
    expect(watched.length).toBeGreaterThanOrEqual(30)
  })

  test('and with its entry the same write passes', async () => {
    const { db } = clinic.kernel
    const write = (audited: boolean) =>
      transact(db, clinic.organizationId, async (tx) => {
        await tx.updateTable('kernel.room').set({ kind: 'gym' }).where('id', '=', ids.roomId).execute()
        const entry = {
          actor: { kind: 'system' as const, id: null },
          action: 'room.test',
          refs: {},
          correlationId: clock.newId(),
          causationId: null,
        }
        if (audited) await appendEntries(tx, clinic.organizationId, [entry], clock)
      })
    await expect(write(false)).rejects.toMatchObject({ code: 'GA001' })
    await expect(write(true)).resolves.toBeUndefined()
    // An entry in another transaction of the same connection opens nothing.
    await expect(write(false)).rejects.toMatchObject({ code: 'GA001' })
  })

  test('outside transact() nothing is seen and nothing is written', async () => {
    const { db } = clinic.kernel
    for (const { name } of await tablesOf(`${OURS} and ${WITH_ORGANIZATION} and n.nspname not like 'plugin\\_%'`)) {
      const seen = await sql<{ count: number }>`select count(*) as count from ${sql.raw(name)}`.execute(db)
      expect(seen.rows[0]?.count, name).toBe(0)
    }
    await expect(
      sql`insert into kernel.location (id, organization_id, name, state) values (${NOWHERE}, ${clinic.organizationId}, 'x', 'NY')`.execute(
        db,
      ),
    ).rejects.toMatchObject({ code: '42501' })
    const changed = await db.updateTable('kernel.room').set({ name: 'x' }).executeTakeFirst()
    expect(Number(changed.numUpdatedRows)).toBe(0)
    await expect(
      readOnly(db, clinic.organizationId, (tx) => tx.updateTable('kernel.room').set({ name: 'x' }).execute()),
    ).rejects.toMatchObject({ code: '25006' })
  })

  test('and the organization leaves the connection with the transaction', async () => {
    const { db } = clinic.kernel
    await Promise.all(Array.from({ length: 40 }, () => transact(db, clinic.organizationId, (tx) => sql`select 1`.execute(tx))))
    const left = await Promise.all(
      Array.from({ length: 40 }, () => sql<{ org: string | null }>`select current_setting('gonio.org', true) as org`.execute(db)),
    )
    expect(left.flatMap(({ rows }) => rows).filter(({ org }) => org !== null && org !== '')).toEqual([])
  })
})

describe('invariant 6: the fences of the database', { concurrent: false }, () => {
  test('stand around every table with an organization', async () => {
    const tables = await server.query<{
      name: string
      schema: string
      rls: boolean
      forced: boolean
      policies: string[] | null
      watched: boolean
      kept: boolean
      owner: string
    }>(`
      select format('%I.%I', n.nspname, c.relname) as name, n.nspname as schema, c.relrowsecurity as rls, c.relforcerowsecurity as forced, r.rolname as owner,
        (select array_agg(pg_get_expr(p.polqual, p.polrelid) || ' / ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')) from pg_policy p where p.polrelid = c.oid) as policies,
        exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'require_audit' and t.tgdeferrable and t.tginitdeferred and t.tgenabled in ('O', 'A')) as watched,
        exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'refuse_change' and t.tgenabled = 'A') as kept
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
      where c.relkind in ('r', 'p') and ${OURS} and ${WITH_ORGANIZATION} order by 1`)
    const wrong: string[] = []
    const roles = rolesOf(databaseNameOf(clinic.adminUrl))
    for (const table of tables.rows) {
      if (!table.rls || !table.forced) wrong.push(`${table.name} has no forced row-level security`)
      if (
        table.policies?.length !== 1 ||
        (table.policies[0]?.match(/organization_id = .*gonio\.org/g)?.length ?? 0) < 1 ||
        table.policies[0]?.split(' / ')[0] !== table.policies[0]?.split(' / ')[1]
      )
        wrong.push(`${table.name} has other policies than its fence: ${table.policies?.join('; ')}`)
      if (table.schema === 'audit' ? !table.kept : !table.watched) wrong.push(`${table.name} is not watched`)
      if (table.owner !== roles.owner) wrong.push(`${table.name} belongs to ${table.owner}`)
    }
    expect(wrong).toEqual([])
    expect(tables.rows.length).toBeGreaterThanOrEqual(35)
  })

  test('are not stepped over by a role, a view or a function', async () => {
    const roles = rolesOf(databaseNameOf(clinic.adminUrl))
    const ours = await server.query<{ name: string; mighty: boolean; login: boolean }>(
      `select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as mighty, rolcanlogin as login
       from pg_roles where rolname in ($1, $2) or starts_with(rolname, $3)`,
      [roles.owner, roles.app, roles.plugin('')],
    )
    expect(ours.rows.filter((role) => role.mighty)).toEqual([])
    expect(ours.rows.filter((role) => role.login).map((role) => role.name)).toEqual([roles.app])
    expect(ours.rows.length).toBe(2 + demo.plugins.length + 1)
    const owned = await server.query(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
      where n.nspname not in ('pgboss', 'pg_toast') and (r.rolname = $1 or starts_with(r.rolname, $2))`,
      [roles.app, roles.plugin('')],
    )
    expect(owned.rows).toEqual([])
    const holes = await server.query(`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('v', 'm') and (${OURS} or n.nspname = 'auth') and not coalesce(c.reloptions @> '{security_invoker=true}', false)
      union all select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and (${OURS} or n.nspname in ('auth', 'pgboss', 'public'))`)
    expect(holes.rows).toEqual([])
    // An event trigger or a rule of somebody else could write without a trace.
    const app = await server.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and ${OURS} and (has_table_privilege($1, c.oid, 'DELETE') or has_table_privilege($1, c.oid, 'TRUNCATE') or has_table_privilege($1, c.oid, 'TRIGGER'))`,
      [roles.app],
    )
    expect(app.rows).toEqual([])
  })

  test('give the role of a plugin exactly the tables of its permissions', async () => {
    const roles = rolesOf(databaseNameOf(clinic.adminUrl))
    const READS: Readonly<Record<string, readonly string[]>> = {
      'patient:read': ['chart.patient'],
      'coverage:read': ['chart.coverage'],
      'episode:read': ['chart.episode'],
      'visit:read': ['chart.visit'],
      'measurement:read': ['chart.measurement'],
      'goal:read': ['chart.goal'],
      'document:read': ['chart.document', 'chart.document_revision'],
    }
    const tables = await tablesOf(`(${OURS} or n.nspname in ('auth', 'pgboss', 'public'))`)
    const wrong: string[] = []
    let checked = 0
    for (const plugin of [...demo.plugins, trialPlugin]) {
      const role = roles.plugin(plugin.id)
      const may = new Set(plugin.permissions.flatMap((permission) => READS[permission] ?? []))
      const own = `plugin_${plugin.id.replaceAll('-', '_')}`
      for (const { name, schema } of tables) {
        // Column grants count too: has_any_column_privilege is true for either.
        const { rows } = await server.query<{ reads: boolean; writes: boolean; other: boolean }>(
          `select has_any_column_privilege($1, $2, 'SELECT') and has_schema_privilege($1, $3, 'USAGE') as reads,
             (has_any_column_privilege($1, $2, 'INSERT') or has_any_column_privilege($1, $2, 'UPDATE') or has_table_privilege($1, $2, 'DELETE')) and has_schema_privilege($1, $3, 'USAGE') as writes,
             has_table_privilege($1, $2, 'TRUNCATE') or has_table_privilege($1, $2, 'TRIGGER') or has_any_column_privilege($1, $2, 'REFERENCES') or has_schema_privilege($1, $3, 'CREATE') as other`,
          [role, name, schema],
        )
        checked++
        const [has] = rows
        if (has?.reads !== (schema === own || may.has(name)))
          wrong.push(`${role} ${has?.reads === true ? 'reads' : 'does not read'} ${name}`)
        if (has?.writes !== (schema === own)) wrong.push(`${role} ${has?.writes === true ? 'writes' : 'does not write'} ${name}`)
        if (has?.other !== false) wrong.push(`${role} may alter ${name}`)
      }
      const calls = await server.query<{ may: boolean }>(
        `select has_function_privilege($1, 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE') as may`,
        [role],
      )
      if (calls.rows[0]?.may !== false) wrong.push(`${role} may choose the organization`)
    }
    expect(wrong).toEqual([])
    expect(checked).toBeGreaterThanOrEqual(300)
  })

  test('hide every row of another clinic from the application itself, and take none in its name', async () => {
    const { db } = clinic.kernel
    const other = second.organizationId
    const tables = await tablesOf(`${OURS} and ${WITH_ORGANIZATION} and n.nspname not like 'plugin\\_%'`)
    let rows = 0
    await transact(db, other, async (tx) => {
      for (const { name } of tables) {
        const foreign = await sql<{
          count: number
        }>`select count(*) as count from ${sql.raw(name)} where organization_id <> ${other}`.execute(tx)
        expect(foreign.rows[0]?.count, name).toBe(0)
      }
    })
    for (const { name } of tables)
      rows += Number(
        (await server.query(`select count(*) as count from ${name} where organization_id = '${clinic.organizationId}'`)).rows[0].count,
      )
    expect(rows).toBeGreaterThan(100)
    const move = transact(db, other, async (tx) => {
      const changed = await tx.updateTable('chart.patient').set({ givenName: 'x' }).where('id', '=', ids.patientId).executeTakeFirst()
      expect(Number(changed.numUpdatedRows)).toBe(0)
      await tx.updateTable('kernel.room').set({ organizationId: clinic.organizationId }).execute()
    })
    await expect(move).rejects.toMatchObject({ code: '42501' })
  })

  test('hold for foreign keys, which row-level security does not see', async () => {
    const { rows } = await server.query<{ name: string; key: string }>(`
      select con.conrelid::regclass || '.' || con.conname as name, pg_get_constraintdef(con.oid) as key from pg_constraint con
      join pg_class c on c.oid = con.confrelid join pg_namespace n on n.oid = c.relnamespace
      where con.contype = 'f' and ${OURS} and con.confrelid <> 'kernel.tenant'::regclass`)
    expect(rows.filter(({ key }) => !key.startsWith('FOREIGN KEY (organization_id, '))).toEqual([])
    expect(rows.length).toBeGreaterThanOrEqual(20)
  })
})

describe('invariant 4: an approved proposal is applied exactly once', { concurrent: false }, () => {
  const effects = async (): Promise<number> =>
    Number((await server.query('select count(*) as count from plugin_trial.effect')).rows[0].count)
  let before = 0
  beforeEach(async () => {
    before = await effects()
  })

  async function propose(
    action: string,
    more: { visitId?: string; key?: string; by?: Client } = {},
  ): Promise<{ id: string; seenHash: string }> {
    const { by = desk, ...input } = more
    const { output } = await by.plugins.invoke.mutate({ procedure: 'trial.ask', input: { action, n: 1, ...input } })
    const id = String(Object(output).id)
    return { id, seenHash: (await by.proposals.get.query({ id })).seenHash }
  }
  const approve = (by: Client, { id, seenHash }: { id: string; seenHash: string }, more: object = {}) =>
    by.proposals.decide.mutate({ id, seenHash, verdict: 'approve', ...more })
  const refused = (code: string) =>
    expect.objectContaining({ data: expect.objectContaining({ refusal: expect.objectContaining({ code }) }) })

  test('under twenty clicks of two people at once', async () => {
    for (let round = 0; round < 4; round++) {
      const proposal = await propose('trial.count')
      const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => approve(at % 2 === 0 ? desk : manager, proposal)))
      expect(answers.filter((answer) => !answer.alreadyDecided)).toHaveLength(1)
      expect(new Set(answers.map((answer) => answer.state))).toEqual(new Set(['approved']))
      expect(await effects()).toBe(before + round + 1)
      const { rows } = await server.query(
        `select (select count(*)::int from kernel.decision where proposal_id = $1) as decisions,
          (select count(*)::int from audit.entry where action = 'proposal.approve' and refs ->> 'proposalId' = $1::text) as audited,
          (select count(*)::int from kernel.event where type = 'proposal.applied' and refs ->> 'proposalId' = $1::text) as announced`,
        [proposal.id],
      )
      expect(rows).toEqual([{ decisions: 1, audited: 1, announced: 1 }])
    }
  })

  test('or not at all, when approving and rejecting clicks race', async () => {
    let applied = 0
    for (let round = 0; round < 4; round++) {
      const proposal = await propose('trial.count')
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, at) =>
          desk.proposals.decide.mutate({ ...proposal, verdict: at % 2 === 0 ? 'approve' : 'reject', reasonCode: 'other' }),
        ),
      )
      expect(answers.filter((answer) => !answer.alreadyDecided)).toHaveLength(1)
      const states = new Set(answers.map((answer) => answer.state))
      expect(states.size).toBe(1)
      if (states.has('approved')) applied++
    }
    expect(await effects()).toBe(before + applied)
  })

  test('not when a fact under it changed', async () => {
    const proposal = await propose('trial.count', { visitId: ids.bookedVisitId })
    const { visit } = await desk.visits.get.query({ id: ids.bookedVisitId })
    await desk.visits.arrive.mutate({ id: visit.id, version: visit.version })
    await expect(approve(desk, proposal)).rejects.toEqual(refused('stale'))
    expect(await approve(desk, proposal)).toMatchObject({ state: 'stale', alreadyDecided: true })
    expect(await effects()).toBe(before)
  })

  test('not when the fact changes while it is being applied', async () => {
    // Twenty changes of the visit race with the approval; whichever comes first, an applied proposal stood on the visit as it was then.
    const proposal = await propose('trial.count', { visitId: ids.bookedVisitId })
    const { visit } = await desk.visits.get.query({ id: ids.bookedVisitId })
    const [decided, moved] = await Promise.allSettled([
      approve(desk, proposal),
      pt.visits.start.mutate({ id: visit.id, version: visit.version }),
    ])
    expect(moved.status).toBe('fulfilled')
    expect(await effects()).toBe(before + (decided.status === 'fulfilled' ? 1 : 0))
    if (decided.status === 'rejected') expect(decided.reason).toEqual(refused('stale'))
  })

  test('not when it was withdrawn', async () => {
    const proposal = await propose('trial.count', { key: 'one-at-a-time' })
    await propose('trial.count', { key: 'one-at-a-time' })
    expect(await approve(desk, proposal)).toMatchObject({ state: 'withdrawn', alreadyDecided: true })
    expect(await effects()).toBe(before)
  })

  test('not when something else was seen', async () => {
    const proposal = await propose('trial.count')
    await expect(approve(desk, { ...proposal, seenHash: '0'.repeat(64) })).rejects.toEqual(refused('stale'))
    const twin = await propose('trial.count')
    await expect(approve(desk, { id: proposal.id, seenHash: twin.seenHash })).rejects.toEqual(refused('stale'))
    expect(await effects()).toBe(before)
    expect(await approve(desk, proposal)).toMatchObject({ state: 'approved', alreadyDecided: false })
  })

  test('not by the wrong role, the proposer where another must decide, or without a valid license', async () => {
    await expect(approve(pt, await propose('trial.count'))).rejects.toEqual(refused('not-allowed'))
    const pair = await propose('trial.pair')
    await expect(approve(desk, pair)).rejects.toEqual(refused('not-allowed'))
    const sign = await propose('trial.sign')
    const expired = {
      name: 'Out Of-Date, PT',
      email: 'expired@demo.example',
      password: 'move-well-2026',
      roles: ['therapist'] as const,
      hours: [],
      licenses: [{ kind: 'PT' as const, state: 'NY', number: '9', expires: '2020-12-31' }],
    }
    const { staffId } = await createStaff(clinic.kernel.db, clock, clinic.organizationId, expired, { kind: 'system', id: null })
    const viewer: Viewer = {
      kind: 'staff',
      organizationId: clinic.organizationId,
      staffId,
      sessionId: NOWHERE,
      name: expired.name,
      email: expired.email,
      roles: expired.roles,
      licenses: expired.licenses,
    }
    await expect(clinic.kernel.callerFor(viewer).proposals.decide({ ...sign, verdict: 'approve' })).rejects.toMatchObject({
      cause: { code: 'license-required' },
    })
    expect(await effects()).toBe(before)
    expect(await approve(manager, pair)).toMatchObject({ state: 'approved' })
    expect(await approve(pt, sign)).toMatchObject({ state: 'approved' })
    expect(await effects()).toBe(before + 2)
  })

  test('not with an edited payload that its schema refuses', async () => {
    const proposal = await propose('trial.count')
    for (const payload of [{ n: 99 }, { n: 1, more: 1 }, {}, [], 'n', { n: '1' }, { __proto__: { n: 1 } }])
      await expect(approve(desk, proposal, { payload }), JSON.stringify(payload)).rejects.toEqual(refused('invalid-input'))
    expect(await effects()).toBe(before)
    await approve(desk, proposal, { payload: { n: 7 } })
    const { rows } = await server.query('select patch, staff_id from kernel.decision where proposal_id = $1', [proposal.id])
    expect(rows[0]?.patch).toEqual([{ op: 'replace', path: '/n', value: 7 }])
  })

  test('not by another clinic', async () => {
    const proposal = await propose('trial.count')
    const stranger = await second.as('front-desk')
    await expect(approve(stranger, proposal)).rejects.toEqual(refused('not-found'))
    await expect(stranger.proposals.get.query({ id: proposal.id })).rejects.toEqual(refused('not-found'))
    expect(await effects()).toBe(before)
  })

  test('not after its time', async () => {
    const proposal = await propose('trial.count')
    const me = await desk.session.me.query()
    const viewer: Viewer = {
      kind: 'staff',
      organizationId: clinic.organizationId,
      staffId: me.staff.id,
      sessionId: NOWHERE,
      name: me.staff.name,
      email: me.staff.email,
      roles: me.staff.roles,
      licenses: me.staff.licenses,
    }
    hoursAhead = 1.01
    try {
      const decided = clinic.kernel.callerFor(viewer).proposals.decide({ ...proposal, verdict: 'approve' })
      // The kernel's own housekeeping may be first; either way nothing is applied.
      await expect(
        decided.then(
          (answer) => answer.state,
          (error) => error.cause.code,
        ),
      ).resolves.toBe('expired')
      expect(await clinic.kernel.callerFor(viewer).proposals.decide({ ...proposal, verdict: 'approve' })).toMatchObject({
        state: 'expired',
        alreadyDecided: true,
      })
    } finally {
      hoursAhead = 0
    }
    expect(await effects()).toBe(before)
  })
})
