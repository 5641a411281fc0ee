import { parseWith, Refusal } from '@gonio/sdk'
import jsonpatch from 'fast-json-patch'

import { assertMayDecide, describeChanges, readProposal, seenHashOf } from '../approvals/index.ts'
import type { AnyAction, Proposal } from '../approvals/index.ts'
import { readOnly } from '../db/index.ts'
import type { Viewer } from '../identity/index.ts'
import { commitUnit, MovedFacts } from '../work/index.ts'
import type { Cause, CommitDeps } from '../work/index.ts'
import { executeHandler } from './execute.ts'
import type { ExecuteDeps } from './execute.ts'

export interface DecideInput {
  readonly id: string
  readonly verdict: 'approve' | 'reject'
  /** Hash of what the person saw; another hash means that they saw something else. */
  readonly seenHash: string
  /** The payload as edited, when it was. */
  readonly payload?: unknown
  readonly reasonCode?: string | undefined
  readonly reason?: string | undefined
}
export interface Decided {
  readonly id: string
  readonly state: Proposal['state']
  /** True when someone (perhaps the same click) decided before; nothing happened a second time. */
  readonly alreadyDecided: boolean
}
export type DecideDeps = ExecuteDeps & CommitDeps

const MAX_RESTARTS = 5

/**
 * Decides a proposal as a member of staff. Approval runs the action's `apply` outside of any transaction, then commits decision, effects and
 * audit in one, after checking once more that it is pending, in time, allowed, and that no fact under it moved.
 *
 * @throws Refusal `not-allowed`, `license-required`, `stale`, `expired`, `invalid-input`
 */
export async function decideProposal(deps: DecideDeps, viewer: Viewer, input: DecideInput): Promise<Decided> {
  for (let restart = 0; ; restart++) {
    try {
      return await decideOnce(deps, viewer, input)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'already-decided') {
        const now = await readOnly(deps.db, viewer.organizationId, (tx) => readProposal(tx, input.id))
        return { id: input.id, state: now.state, alreadyDecided: true }
      }
      // A fact moved between our reading and the commit: look again; if it is one of the proposal's own, the next round says stale.
      if (!(error instanceof MovedFacts) || restart >= MAX_RESTARTS) throw error
    }
  }
}

async function decideOnce(deps: DecideDeps, viewer: Viewer, input: DecideInput): Promise<Decided> {
  const now = deps.clock.now().toISOString()
  const { proposal, changed } = await readOnly(deps.db, viewer.organizationId, async (tx) => {
    const found = await readProposal(tx, input.id)
    return { proposal: found, changed: found.state === 'pending' ? await describeChanges(tx, found.facts) : [] }
  })
  if (proposal.state !== 'pending') return { id: proposal.id, state: proposal.state, alreadyDecided: true }
  const { action, pluginId } = actionFor(deps, proposal)
  assertMayDecide(viewer, action, proposal, now.slice(0, 10))
  const cause: Cause = {
    organizationId: viewer.organizationId,
    actor: { kind: 'staff', id: viewer.staffId },
    correlationId: proposal.correlationId,
    causationId: proposal.id,
    depth: proposal.depth,
    behindStaff: viewer.staffId,
  }
  if (proposal.expiresAt <= now) {
    await settle(deps, cause, proposal, 'expired')
    throw new Refusal('expired', 'This proposal has expired and was not applied. Propose it again if it is still needed.')
  }
  if (input.seenHash !== seenHashOf(proposal))
    throw new Refusal('stale', 'This proposal is not the one you were shown. Open it again and decide on what you see.')
  const decision = {
    id: deps.clock.newId(),
    organizationId: viewer.organizationId,
    proposalId: proposal.id,
    verdict: input.verdict,
    staffId: viewer.staffId,
    now,
    seenHash: input.seenHash,
    patch: null,
    reasonCode: input.reasonCode ?? null,
    reason: input.reason ?? null,
  }
  const refs = { ...proposal.refs, proposalId: proposal.id }
  if (input.verdict === 'reject') {
    if (input.reasonCode === undefined && (input.reason ?? '').trim() === '')
      throw new Refusal('invalid-input', 'Say why you reject it: pick a reason or write one.')
    await commitUnit(deps, {
      cause,
      refs,
      action: 'proposal.reject',
      changes: [],
      reads: [],
      ownReads: [],
      plugin: null,
      settles: null,
      decision: { ...decision, effects: 0 },
    })
    return { id: proposal.id, state: 'rejected', alreadyDecided: false }
  }
  if (changed.length > 0) {
    await settle(deps, cause, proposal, 'stale')
    throw new Refusal(
      'stale',
      'What this proposal stands on has changed, so it was not applied. See what changed, then let it be proposed again.',
      { changed },
    )
  }
  const payload = await parseWith(action.payload, input.payload ?? proposal.payload, `The payload of ${action.title}`)
  assertMayDecide(viewer, action, { payload, behindStaff: proposal.behindStaff }, now.slice(0, 10))
  const patch = input.payload === undefined ? null : jsonpatch.compare(Object(proposal.payload), Object(payload))
  const { unit } = await executeHandler(deps, {
    pluginId,
    handler: `apply:${action.name}`,
    input: payload,
    refs,
    cause,
    actor: { kind: 'staff', id: viewer.staffId },
    approved: { action, facts: proposal.facts, decision: { ...decision, patch: patch === null || patch.length === 0 ? null : patch } },
  })
  await commitUnit(deps, unit)
  return { id: proposal.id, state: 'approved', alreadyDecided: false }
}

export function actionFor(
  deps: Pick<ExecuteDeps, 'registry'>,
  proposal: Pick<Proposal, 'action'>,
): { action: AnyAction; pluginId: string } {
  const found = deps.registry.action(proposal.action)
  if (found === null) throw new Refusal('plugin-disabled', `The plugin that offers ${proposal.action} is not installed any more.`)
  return { action: found.action, pluginId: found.plugin }
}

/** The row itself says why nothing was applied; whoever proposed it hears of it and may propose anew. */
function settle(deps: DecideDeps, cause: Cause, proposal: Proposal, state: 'stale' | 'expired'): Promise<void> {
  return commitUnit(deps, {
    cause,
    action: 'proposal.close',
    refs: { ...proposal.refs, proposalId: proposal.id },
    changes: [{ kind: 'proposal.settle', id: proposal.id, state }],
    reads: [],
    ownReads: [],
    plugin: null,
    settles: null,
    decision: null,
  })
}
