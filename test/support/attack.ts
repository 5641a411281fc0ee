import { createOrganization, createStaff } from '@gonio/core'
import pg from 'pg'

import { STAFF } from '../../examples/small-clinic/people.ts'
import { clientFor, dayFromNow, eventually } from './clinic.ts'
import type { Client, TestClinic } from './clinic.ts'
import { openTreatment } from './story-steps.ts'

/** What an attacker's request came back with; `text` is the body as sent. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly code: string | null
  readonly message: string
}

/** One tRPC call as bytes, so that a test sees exactly what a stranger would see. */
export async function ask(
  url: string,
  call: { path: string; type: string; input?: unknown; body?: string; cookie?: string | null; headers?: Record<string, string> },
): Promise<Answer> {
  const { path, type, input, cookie } = call
  const body = call.body ?? JSON.stringify(input)
  const query = type === 'mutation' || body === undefined ? '' : `?input=${encodeURIComponent(body)}`
  const response = await fetch(`${url}/api/trpc/${path}${query}`, {
    method: type === 'mutation' ? 'POST' : 'GET',
    headers: {
      ...(type === 'mutation' ? { 'content-type': 'application/json' } : {}),
      ...(cookie === undefined || cookie === null ? {} : { cookie }),
      ...call.headers,
    },
    ...(type === 'mutation' && body !== undefined ? { body } : {}),
  })
  const text = await response.text()
  return { status: response.status, text, ...refusalIn(text) }
}

/** tRPC answers `error.data.refusal`; the HTTP layer before it answers `{code, message}`. */
function refusalIn(text: string): { code: string | null; message: string } {
  try {
    const json = JSON.parse(text)
    const refusal = json.error?.data?.refusal ?? json
    return { code: refusal.code ?? null, message: refusal.message ?? '' }
  } catch {
    return { code: null, message: '' }
  }
}

export async function signIn(url: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (!response.ok || cookie === undefined) throw new Error(`sign-in answered ${response.status}`)
  return cookie
}

/** Passwords are slow to make on purpose, so the second clinic has only who its chart needs. */
const SECOND_ROLES = ['front-desk', 'therapist', 'manager'] as const
type SecondRole = (typeof SECOND_ROLES)[number]

export interface SecondClinic {
  readonly organizationId: string
  cookieOf(role: SecondRole): Promise<string>
  as(role: SecondRole): Promise<Client>
}

/** A second clinic in the same database and kernel, with people of its own. */
export async function openSecondClinic({ kernel, http }: TestClinic): Promise<SecondClinic> {
  const { organizationId } = await createOrganization(kernel.db, kernel.clock, {
    name: 'Second Clinic',
    timeZone: 'America/New_York',
    demo: true,
    locations: [{ name: 'Elsewhere', state: 'NY' }],
    rooms: ['One', 'Two', 'Gym'].map((name) => ({ name, kind: name === 'Gym' ? 'gym' : 'treatment', location: 'Elsewhere' })),
  })
  const people = SECOND_ROLES.flatMap((role) => STAFF.filter((person) => person.roles.includes(role)).slice(0, 1))
  await Promise.all(
    people.map((person) =>
      createStaff(kernel.db, kernel.clock, organizationId, { ...person, email: `second-${person.email}` }, { kind: 'system', id: null }),
    ),
  )
  await kernel.registry.adopt(organizationId, [...kernel.registry.plugins.keys()])
  const cookieOf = async (role: SecondRole): Promise<string> => {
    const person = people.find((candidate) => candidate.roles.includes(role))
    if (person === undefined) throw new Error(`nobody is ${role}`)
    return signIn(http.url, `second-${person.email}`, person.password)
  }
  return { organizationId, cookieOf, as: async (role) => clientFor(http.url, await cookieOf(role)) }
}

/** Ids of one clinic's chart, one of each kind an input may name. */
export interface ChartIds {
  readonly patientId: string
  readonly coverageId: string
  readonly episodeId: string
  /** Completed, with its note signed. */
  readonly visitId: string
  readonly bookedVisitId: string
  readonly documentId: string
  readonly goalId: string
  readonly proposalId: string
  readonly linkId: string
  readonly jobId: string
  readonly entryId: string
  readonly correlationId: string
  readonly locationId: string
  readonly roomId: string
  readonly clinicianId: string
}

/** Fills a clinic: a treated patient with a signed note, an approved plan, a booked visit, an open link and pending proposals. */
export async function fillChart(clinic: TestClinic, as: { desk: Client; pt: Client; manager: Client }, name: string): Promise<ChartIds> {
  const { desk, pt, manager } = as
  const { patientId, episodeId, visitId } = await openTreatment(desk, pt, name)
  await pt.measurements.record.mutate({ visitId, code: 'nprs', value: 6, unit: '{score}', side: 'none' })
  await pt.visits.capture.mutate({
    id: visitId,
    version: 4,
    services: [{ service: 'manual-therapy', minutes: 15 }],
    performed: [],
    remarks: [{ by: 'patient', text: 'It is better.' }],
  })
  await pt.visits.complete.mutate({ id: visitId, version: 5 })
  await approve(pt, 'document.sign')
  await approve(pt, 'plan.approve')
  const proposal = await pendingOf(desk, 'visit.book')
  const { episode, documents, goals, visits } = await pt.episodes.get.query({ id: episodeId })
  const { output } = await desk.plugins.invoke.mutate({ procedure: 'intake.start', input: { language: 'en' } })
  const treated = (await pt.visits.get.query({ id: visitId })).visit
  const day = dayFromNow(40)
  const { slots } = Object(
    (
      await desk.plugins.invoke.mutate({
        procedure: 'scheduling.find-slots',
        input: { episodeId, kind: 'treatment', from: day, to: dayFromNow(45) },
      })
    ).output,
  )
  const { startsAt, endsAt, roomId, clinicianId, locationId } = slots[0]
  const booked = await desk.visits.book.mutate({
    patientId,
    episodeId,
    kind: 'treatment',
    locationId,
    roomId,
    clinicianId,
    startsAt,
    endsAt,
  })
  const { items } = await manager.audit.list.query({})
  const { items: jobs } = await manager.jobs.list.query({ state: 'done' })
  await idle(clinic.adminUrl)
  return {
    patientId,
    episodeId,
    visitId,
    bookedVisitId: booked.id,
    coverageId: episode.coverageId ?? '',
    documentId: documents[0]?.id ?? '',
    goalId: goals[0]?.id ?? '',
    proposalId: proposal.id,
    linkId: Object(output).linkId,
    jobId: jobs[0]?.id ?? '',
    entryId: items[0]?.id ?? '',
    correlationId: items[0]?.correlationId ?? '',
    locationId: treated.locationId,
    roomId: visits[0]?.roomId ?? '',
    clinicianId: treated.clinicianId,
  }
}

export async function pendingOf(as: Client, action: string) {
  return eventually(`a proposal to ${action}`, async () =>
    (await as.proposals.list.query({ state: 'pending' })).items.find((item) => item.action === action),
  )
}

export async function approve(as: Client, action: string): Promise<void> {
  const { id } = await pendingOf(as, action)
  const { seenHash } = await as.proposals.get.query({ id })
  await as.proposals.decide.mutate({ id, verdict: 'approve', seenHash })
}

export async function withServer<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Waits until no job waits or runs, so that what changes afterwards is the attack's doing. */
export async function idle(adminUrl: string): Promise<void> {
  await withServer(adminUrl, (client) =>
    eventually('the queues to be empty', async () => {
      const { rows } = await client.query(`select 1 from pgboss.job where state in ('created', 'retry', 'active') limit 1`)
      return rows.length === 0 ? true : null
    }),
  )
}

/**
 * Rows and the sum of their versions in every table of every clinic, seen past row-level security. Sessions and the audit log are left
 * out: a refused request may leave its trace there.
 */
export async function countRows(client: pg.Client): Promise<Readonly<Record<string, string>>> {
  const { rows } = await client.query<{ name: string; versioned: boolean }>(`
    select format('%I.%I', n.nspname, c.relname) as name,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'version' and not a.attisdropped and a.atttypid = 'int4'::regtype) as versioned
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and (n.nspname in ('kernel', 'chart') or n.nspname like 'plugin\\_%') order by 1`)
  const each = rows.map(
    ({ name, versioned }) =>
      `select '${name}' as name, count(*)::text || '/' || ${versioned ? 'coalesce(sum(version), 0)' : '0'} as state from ${name}`,
  )
  each.push(`select 'jobs', count(*)::text || '/0' from pgboss.job`)
  const counted = await client.query<{ name: string; state: string }>(each.join(' union all '))
  return Object.fromEntries(counted.rows.map((row) => [row.name, row.state]))
}

/** A UUID that no row has. */
export const NOWHERE = '01890000-0000-7000-8000-00000000dead'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Every way to a leaf of a JSON value. */
export function leavesOf(value: unknown, path: readonly (string | number)[] = []): { path: readonly (string | number)[]; leaf: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ path, leaf: value }]
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, Array.isArray(value) ? Number(key) : key]))
}

/** A copy with one leaf replaced. */
export function replaceAt(value: unknown, path: readonly (string | number)[], leaf: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return leaf
  if (Array.isArray(value)) return value.map((member, at) => (at === key ? replaceAt(member, rest, leaf) : member))
  return { ...Object(value), [key]: replaceAt(Reflect.get(Object(value), key), rest, leaf) }
}
