import { createHmac, timingSafeEqual } from 'node:crypto'

import { Defect, Refusal } from '@gonio/sdk'
import type { Refs } from '@gonio/sdk'

import { appendEntries } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import { readOnly } from '../db/index.ts'
import type { Db, Tx } from '../db/index.ts'
import type { Actor } from './staff.ts'

/** A patient who came by a one-time link: knows who they are only as far as the link says. */
export interface LinkViewer {
  readonly kind: 'patient'
  readonly organizationId: string
  readonly linkId: string
  readonly plugin: string
  readonly procedures: readonly string[]
  readonly subject: Refs
  readonly language: 'en' | 'es'
  readonly title: string
}

export interface NewLink {
  readonly id: string
  readonly plugin: string
  readonly procedures: readonly string[]
  readonly subject: Refs
  readonly language: 'en' | 'es'
  readonly title: string
  readonly expiresInHours: number
}

export interface LinkKey {
  readonly organizationId: string
  readonly linkId: string
}

/** What a change belongs to: who, in which story, caused by what. */
export interface Cause {
  readonly actor: Actor
  readonly correlationId: string
  readonly causationId: string | null
}

const ID_BYTES = 16
const MAC_BYTES = 16
const TOKEN_BYTES = 2 * ID_BYTES + MAC_BYTES
const MAX_HOURS = 24 * 90
const NOBODY: LinkKey = { organizationId: '00000000-0000-0000-0000-000000000000', linkId: '00000000-0000-0000-0000-000000000000' }

/**
 * The secret part of a link's address: ids of organization and link, then 128 bits of HMAC-SHA256. It is made again whenever it is
 * shown, and is stored nowhere.
 */
export function linkToken(secret: string, { organizationId, linkId }: LinkKey): string {
  const ids = Buffer.concat([bytesOf(organizationId), bytesOf(linkId)])
  return Buffer.concat([ids, mac(secret, ids)]).toString('base64url')
}

/**
 * Who comes by this link. A forged token costs the same look-up and gets the same answer as a link that is gone.
 *
 * @throws Refusal `not-found`, or `expired` when it is past its time or closed
 */
export async function openLink(db: Db, secret: string, token: string, now: Date): Promise<LinkViewer> {
  const key = parseToken(secret, token)
  const { organizationId, linkId } = key ?? NOBODY
  const link = await readOnly(db, organizationId, (tx) =>
    tx
      .selectFrom('kernel.link')
      .select(['organizationId', 'id as linkId', 'plugin', 'procedures', 'subject', 'language', 'title', 'expiresAt', 'closedAt'])
      .where('id', '=', linkId)
      .executeTakeFirst(),
  )
  if (key === null || link === undefined) throw new Refusal('not-found', 'This link is not valid. Ask the clinic for a new one.')
  const { expiresAt, closedAt, ...viewer } = link
  if (closedAt !== null || Date.parse(expiresAt) <= now.getTime()) {
    throw new Refusal('expired', 'This link has expired or was used already. Ask the clinic for a new one.')
  }
  return { kind: 'patient', ...viewer }
}

/** Writes a link as part of the caller's transaction. */
export async function createLink(tx: Tx, clock: Clock, organizationId: string, link: NewLink, cause: Cause): Promise<void> {
  const { id, expiresInHours, procedures, subject, ...fields } = link
  if (!(expiresInHours > 0 && expiresInHours <= MAX_HOURS))
    throw new Refusal('invalid-input', `A link is valid for up to ${MAX_HOURS} hours.`, { field: 'expiresInHours' })
  const now = clock.now()
  await tx
    .insertInto('kernel.link')
    .values({
      ...fields,
      id,
      organizationId,
      procedures: [...procedures],
      subject: JSON.stringify(subject),
      createdBy: `${cause.actor.kind}:${cause.actor.id ?? ''}`,
      createdAt: now,
      expiresAt: new Date(now.getTime() + expiresInHours * 3_600_000),
    })
    .execute()
  await record(tx, clock, { organizationId, linkId: id }, cause, 'link.created', { ...subject, linkId: id })
}

/** Notes the first use; later ones change nothing. */
export async function markLinkUsed(tx: Tx, clock: Clock, key: LinkKey, cause: Cause): Promise<void> {
  const used = await tx
    .updateTable('kernel.link')
    .set((eb) => ({ usedAt: clock.now(), version: eb('version', '+', 1) }))
    .where('id', '=', key.linkId)
    .where('usedAt', 'is', null)
    .executeTakeFirst()
  if (used.numUpdatedRows > 0n) await record(tx, clock, key, cause, 'link.used', { linkId: key.linkId })
}

/** Closes a link for good; closing it twice changes nothing. */
export async function closeLink(tx: Tx, clock: Clock, key: LinkKey, cause: Cause): Promise<void> {
  const closed = await tx
    .updateTable('kernel.link')
    .set((eb) => ({ closedAt: clock.now(), version: eb('version', '+', 1) }))
    .where('id', '=', key.linkId)
    .where('closedAt', 'is', null)
    .executeTakeFirst()
  if (closed.numUpdatedRows > 0n) await record(tx, clock, key, cause, 'link.closed', { linkId: key.linkId })
}

async function record(
  tx: Tx,
  clock: Clock,
  { organizationId }: LinkKey,
  { actor, correlationId, causationId }: Cause,
  action: string,
  refs: Refs,
): Promise<void> {
  await appendEntries(tx, organizationId, [{ actor, action, refs, correlationId, causationId }], clock)
}

function parseToken(secret: string, token: string): LinkKey | null {
  const bytes = Buffer.from(token.length > 100 ? '' : token, 'base64url')
  const whole = bytes.length === TOKEN_BYTES ? bytes : Buffer.alloc(TOKEN_BYTES)
  const ids = whole.subarray(0, 2 * ID_BYTES)
  const genuine = timingSafeEqual(whole.subarray(2 * ID_BYTES), mac(secret, ids))
  // Base64 has several spellings of the same bytes; only ours is a link.
  if (!genuine || bytes.toString('base64url') !== token) return null
  return { organizationId: uuidOf(ids.subarray(0, ID_BYTES)), linkId: uuidOf(ids.subarray(ID_BYTES)) }
}

function mac(secret: string, ids: Buffer): Buffer {
  return createHmac('sha256', secret).update('link:').update(ids).digest().subarray(0, MAC_BYTES)
}

function bytesOf(uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex')
  if (bytes.length !== ID_BYTES) throw new Defect('An id in a link token is no UUID')
  return bytes
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
