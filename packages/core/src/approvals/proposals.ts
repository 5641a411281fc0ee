import { Refusal } from '@gonio/sdk'
import type { ProposalDraft } from '@gonio/sdk'
import type { Selectable } from 'kysely'

import type { Tx } from '../db/index.ts'
import type { Fact, ProposalState, ProposalTable } from './tables.ts'

/** The generated columns are for indexes only. */
export type Proposal = Omit<Selectable<ProposalTable>, 'episodeId' | 'visitId'>

/** What the unit of work knows about a proposal beside its draft. */
export interface ProposalOrigin {
  readonly organizationId: string
  readonly plugin: string
  readonly now: string
  readonly expiresAfterHours: number
  readonly facts: readonly Fact[]
  readonly handler: string
  readonly input: unknown
  readonly behindStaff: string | null
  readonly correlationId: string
  readonly causationId: string | null
  readonly depth: number
}

/** Largest payload of a proposal, as JSON text. */
const MAX_PAYLOAD_BYTES = 500_000

export async function createProposal(tx: Tx, draft: ProposalDraft, origin: ProposalOrigin): Promise<void> {
  const payload = JSON.stringify(draft.payload)
  if (payload.length > MAX_PAYLOAD_BYTES)
    throw new Refusal('too-large', 'A proposal may hold at most 500 kB. Keep the data in a table and propose its id.')
  if (draft.key !== undefined) await settleByKey(tx, { ...origin, key: draft.key, state: 'withdrawn' })
  await tx
    .insertInto('kernel.proposal')
    .values({
      id: draft.id,
      organizationId: origin.organizationId,
      plugin: origin.plugin,
      action: draft.action,
      title: draft.title.slice(0, 300),
      payload,
      refs: JSON.stringify(draft.refs),
      evidence: JSON.stringify(draft.evidence),
      facts: JSON.stringify(origin.facts),
      confidence: draft.confidence ?? null,
      state: 'pending',
      key: draft.key ?? null,
      originHandler: origin.handler,
      originInput: JSON.stringify(origin.input ?? null),
      behindStaff: origin.behindStaff,
      createdAt: origin.now,
      expiresAt: new Date(Date.parse(origin.now) + origin.expiresAfterHours * 3_600_000).toISOString(),
      correlationId: origin.correlationId,
      causationId: origin.causationId,
      depth: origin.depth,
    })
    .execute()
}

/** Withdraws the pending proposal of a plugin with this key, if there is one. */
export async function settleByKey(tx: Tx, of: { plugin: string; key: string; state: ProposalState }): Promise<readonly string[]> {
  const rows = await tx
    .updateTable('kernel.proposal')
    .set((row) => ({ state: of.state, version: row('version', '+', 1) }))
    .where('plugin', '=', of.plugin)
    .where('key', '=', of.key)
    .where('state', '=', 'pending')
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

export async function readProposal(tx: Tx, id: string, options: { lock: boolean } = { lock: false }): Promise<Proposal> {
  const find = tx.selectFrom('kernel.proposal').select(PROPOSAL_COLUMNS).where('id', '=', id)
  const row = await (options.lock ? find.forUpdate() : find).executeTakeFirst()
  if (row === undefined) throw new Refusal('not-found', 'There is no such proposal in this clinic.')
  return row
}

export const PROPOSAL_COLUMNS = [
  'id',
  'organizationId',
  'version',
  'plugin',
  'action',
  'title',
  'payload',
  'refs',
  'evidence',
  'facts',
  'confidence',
  'state',
  'key',
  'originHandler',
  'originInput',
  'behindStaff',
  'createdAt',
  'expiresAt',
  'correlationId',
  'causationId',
  'depth',
] as const

/** Moves a pending proposal on; refuses when somebody else already did. */
export async function moveProposal(tx: Tx, id: string, state: Exclude<ProposalState, 'pending'>): Promise<void> {
  const result = await tx
    .updateTable('kernel.proposal')
    .set((row) => ({ state, version: row('version', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) !== 1)
    throw new Refusal('already-decided', 'This proposal was decided a moment ago. Reload to see how.')
}

export interface NewDecision {
  readonly id: string
  readonly organizationId: string
  readonly proposalId: string
  readonly verdict: 'approve' | 'reject'
  readonly staffId: string
  readonly now: string
  readonly seenHash: string
  readonly patch: readonly unknown[] | null
  readonly reasonCode: string | null
  readonly reason: string | null
  readonly effects: number
}

/** The primary key on proposal_id is the last guard of "applied exactly once". */
export async function recordDecision(tx: Tx, decision: NewDecision): Promise<void> {
  const { now, patch, ...rest } = decision
  await tx
    .insertInto('kernel.decision')
    .values({ ...rest, decidedAt: now, patch: patch === null ? null : JSON.stringify(patch) })
    .execute()
}

/** Pending proposals past their time: they are closed by expiry, never approved. At most 200 a call. */
export function dueToExpire(tx: Tx, now: string): Promise<readonly Proposal[]> {
  return tx
    .selectFrom('kernel.proposal')
    .select(PROPOSAL_COLUMNS)
    .where('state', '=', 'pending')
    .where('expiresAt', '<=', now)
    .orderBy('expiresAt')
    .limit(200)
    .execute()
}
