import { randomFillSync } from 'node:crypto'

import { Defect } from '@gonio/sdk'
import type { Refs } from '@gonio/sdk'
import canonicalize from 'canonicalize'
import { sql } from 'kysely'

import type { Clock } from '../clock.ts'
import { isUuid } from '../db/index.ts'
import type { Tx } from '../db/index.ts'
import type { ActorKind, Detail } from './tables.ts'
import { hashLeaf } from './tree.ts'

/** One act to put on record. */
export interface NewEntry {
  readonly actor: { readonly kind: ActorKind; readonly id: string | null }
  /** `<noun>.<verb>`, for example `chart.read`. */
  readonly action: string
  readonly refs: Refs
  readonly correlationId: string
  readonly causationId: string | null
  /** Ids, hashes, counts and codes; a value with a space in it is refused, because it could be words of the chart. */
  readonly detail?: Detail
}

/** What is hashed. Field for field the columns of audit.entry, so that verification can compare both. */
export interface EntryBody {
  readonly action: string
  readonly actor: { readonly id: string | null; readonly kind: string }
  readonly causationId: string | null
  readonly correlationId: string
  readonly detail: Detail
  readonly id: string
  readonly occurredAt: string
  readonly organizationId: string
  readonly refs: Refs
  /** Hex of 16 random bytes: the hash of an entry with few possible values cannot be guessed. */
  readonly salt: string
}

const MAX_ENTRIES = 10_000
const MAX_DETAIL_KEYS = 40
const ACTION = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/
const CODE = /^[\w.:@/+=,#-]{0,200}$/
const ACTOR_ID = /^[\w.:@-]{1,100}$/

/**
 * Writes entries in the caller's transaction, which also opens the commit to writes on watched tables. Answers their ids, in order.
 *
 * @throws Defect when an entry holds anything but ids, hashes, counts and codes
 */
export async function appendEntries(
  tx: Tx,
  organizationId: string,
  entries: readonly NewEntry[],
  clock: Clock,
): Promise<readonly string[]> {
  if (entries.length === 0) return []
  if (entries.length > MAX_ENTRIES) throw new Defect(`One commit may write ${MAX_ENTRIES} audit entries at most`)
  const occurredAt = clock.now().toISOString()
  const salts = randomFillSync(Buffer.allocUnsafe(16 * entries.length))
  const rows = entries.map((entry, at) =>
    toRow(entry, { id: clock.newId(), organizationId, occurredAt, salt: salts.subarray(at * 16, at * 16 + 16) }),
  )
  const ids = rows.map((row) => row.id)
  // Arrays instead of VALUES: the text of the statement stays the same for any number of entries.
  await sql`
    insert into audit.entry (organization_id, id, occurred_at, actor_kind, actor_id, action, refs, correlation_id, causation_id, detail, salt, body, leaf)
    select ${organizationId}::uuid, id, ${occurredAt}::timestamptz, actor_kind, actor_id, action, refs, correlation_id, causation_id, detail, salt, body, leaf
    from unnest(
      ${ids}::uuid[], ${rows.map((row) => row.actorKind)}::text[], ${rows.map((row) => row.actorId)}::text[], ${rows.map((row) => row.action)}::text[],
      ${rows.map((row) => row.refs)}::jsonb[], ${rows.map((row) => row.correlationId)}::uuid[], ${rows.map((row) => row.causationId)}::uuid[],
      ${rows.map((row) => row.detail)}::jsonb[], ${rows.map((row) => row.salt)}::bytea[], ${rows.map((row) => row.body)}::bytea[], ${rows.map((row) => row.leaf)}::bytea[]
    ) as new (id, actor_kind, actor_id, action, refs, correlation_id, causation_id, detail, salt, body, leaf)`.execute(tx)
  return ids
}

function toRow(entry: NewEntry, given: { id: string; organizationId: string; occurredAt: string; salt: Buffer }) {
  checkEntry(entry)
  const detail = entry.detail ?? {}
  const body = encodeBody({
    action: entry.action,
    actor: { id: entry.actor.id, kind: entry.actor.kind },
    causationId: entry.causationId,
    correlationId: entry.correlationId,
    detail,
    id: given.id,
    occurredAt: given.occurredAt,
    organizationId: given.organizationId,
    refs: entry.refs,
    salt: given.salt.toString('hex'),
  })
  return {
    id: given.id,
    actorKind: entry.actor.kind,
    actorId: entry.actor.id,
    action: entry.action,
    refs: JSON.stringify(entry.refs),
    correlationId: entry.correlationId,
    causationId: entry.causationId,
    detail: JSON.stringify(detail),
    salt: given.salt,
    body,
    leaf: hashLeaf(body),
  }
}

/** RFC 8785 (JCS) bytes. */
export function encodeBody(body: EntryBody): Buffer {
  return Buffer.from(canonicalize(body) ?? '', 'utf8')
}

function checkEntry(entry: NewEntry): void {
  if (entry.action.length > 100 || !ACTION.test(entry.action))
    throw new Defect('The action of an audit entry is <noun>.<verb> in lower case')
  const refuse = (field: string) => new Defect(`Audit entry ${entry.action}: ${field} may hold ids, hashes, counts and codes only`)
  if (entry.actor.id !== null && !ACTOR_ID.test(entry.actor.id)) throw refuse('actor.id')
  if (!isLowerUuid(entry.correlationId)) throw refuse('correlationId')
  if (entry.causationId !== null && !isLowerUuid(entry.causationId)) throw refuse('causationId')
  for (const [name, value] of Object.entries(entry.refs)) {
    if (value !== undefined && !isLowerUuid(value)) throw refuse(`refs.${name}`)
  }
  const detail = Object.entries(entry.detail ?? {})
  if (detail.length > MAX_DETAIL_KEYS) throw refuse(`detail has more than ${MAX_DETAIL_KEYS} keys; it`)
  for (const [name, value] of detail) {
    if (!CODE.test(name)) throw refuse('a key of detail')
    if (typeof value === 'string' ? !CODE.test(value) : typeof value === 'number' && !Number.isFinite(value)) throw refuse(`detail.${name}`)
  }
}

/** PostgreSQL gives uuids back in lower case; any other spelling would not verify. */
function isLowerUuid(value: unknown): boolean {
  return isUuid(value) && value === value.toLowerCase()
}
