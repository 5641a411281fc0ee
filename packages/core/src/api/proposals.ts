import { toJson, View } from '@gonio/sdk'
import { z } from 'zod'

import { describeChanges, PROPOSAL_COLUMNS, readProposal, seenHashOf } from '../approvals/index.ts'
import { rightsOf } from '../identity/index.ts'
import type { Viewer } from '../identity/index.ts'
import { decideProposal } from '../plugins/index.ts'
import { act, read, readChart } from './act.ts'
import { proposalItems } from './cards.ts'
import type { ProposalItem } from './cards.ts'
import { Cursor, Id, LongText } from './shapes.ts'
import { router, staff } from './trpc.ts'
import { Refusal } from '@gonio/sdk'

const PAGE = 50
const REASONS = ['wrong-fact', 'not-needed', 'duplicate', 'wrong-time', 'style', 'other'] as const

export const proposals = router({
  list: staff('proposal:read')
    .input(z.strictObject({ state: z.enum(['pending', 'decided']), cursor: Cursor }))
    .query(({ ctx, input }) =>
      read(ctx, async (tx) => {
        let find = tx
          .selectFrom('kernel.proposal')
          .select(PROPOSAL_COLUMNS)
          .limit(PAGE + 1)
        // Pending: oldest first, it has waited longest. Decided: newest first.
        find =
          input.state === 'pending'
            ? find.where('state', '=', 'pending').orderBy('id')
            : find.where('state', '!=', 'pending').orderBy('id', 'desc')
        const { cursor } = input
        if (cursor !== undefined) find = find.where('id', input.state === 'pending' ? '>' : '<', cursor)
        const rows = await find.execute()
        return {
          items: (await proposalItems(tx, ctx.deps, ctx.viewer, rows.slice(0, PAGE))).filter((item) => maySee(ctx.viewer, item)),
          next: rows.length > PAGE ? (rows[PAGE - 1]?.id ?? null) : null,
        }
      }),
    ),

  get: staff('proposal:read')
    .input(z.strictObject({ id: Id }))
    .query(async ({ ctx, input }) => {
      const { refs: _, ...found } = await readChart(ctx, 'proposals.get', async (tx) => {
        const proposal = await readProposal(tx, input.id)
        const [item] = await proposalItems(tx, ctx.deps, ctx.viewer, [proposal])
        const action = ctx.deps.registry.action(proposal.action)?.action
        if (item === undefined || action === undefined)
          throw new Refusal('plugin-disabled', 'The plugin that offers this action is not installed any more.')
        if (!maySee(ctx.viewer, item)) throw new Refusal('not-allowed', item.whyNot ?? 'Another role decides this.')
        const decision = await tx
          .selectFrom('kernel.decision')
          .innerJoin('kernel.staff', 'kernel.staff.id', 'kernel.decision.staffId')
          .select(['verdict', 'name as by', 'decidedAt as at', 'reasonCode', 'reason', 'patch'])
          .where('proposalId', '=', input.id)
          .executeTakeFirst()
        return {
          refs: { ...proposal.refs, proposalId: proposal.id },
          item,
          payload: proposal.payload,
          payloadSchema: toJson(action.payload),
          summary: summaryOf(() => action.summarize(proposal.payload)),
          evidence: proposal.evidence,
          changed: proposal.state === 'pending' || proposal.state === 'stale' ? await describeChanges(tx, proposal.facts) : [],
          seenHash: seenHashOf(proposal),
          decision: decision ?? null,
          correlationId: proposal.correlationId,
        }
      })
      const { item, ...detail } = found
      return { ...item, ...detail }
    }),

  decide: staff('proposal:decide')
    .input(
      z.strictObject({
        id: Id,
        verdict: z.enum(['approve', 'reject']),
        seenHash: z.string().length(64),
        payload: z.json().optional(),
        reasonCode: z.enum(REASONS).optional(),
        reason: LongText.optional(),
      }),
    )
    .mutation(({ ctx, input }) => decideProposal(ctx.deps, ctx.viewer, input)),

  /** Runs the handler that made a stale proposal once more, on the facts of now. */
  proposeAgain: staff('proposal:decide')
    .input(z.strictObject({ id: Id }))
    .mutation(async ({ ctx, input }) => {
      const { proposal, changed } = await read(ctx, async (tx) => {
        const found = await readProposal(tx, input.id)
        return { proposal: found, changed: found.state === 'pending' ? await describeChanges(tx, found.facts) : [] }
      })
      if (proposal.state === 'pending' && changed.length === 0)
        throw new Refusal('wrong-state', 'Nothing has changed under this proposal. Decide it as it is.')
      if (!/^(event|job):/.test(proposal.originHandler))
        throw new Refusal('wrong-state', 'This was proposed by a person’s own step. Do that step again.')
      await act(ctx, 'proposal.propose-again', { ...proposal.refs, proposalId: proposal.id }, [
        ...(proposal.state === 'pending' ? [{ kind: 'proposal.settle', id: proposal.id, state: 'stale' } as const] : []),
        {
          kind: 'handler.rerun',
          plugin: proposal.plugin,
          handler: proposal.originHandler,
          input: proposal.originInput,
          refs: proposal.refs,
        },
      ])
      return { queued: true }
    }),
})

/** Minimum necessary: who may neither read clinical documents nor decide this sees no clinical proposal. */
function maySee(viewer: Viewer, item: ProposalItem): boolean {
  return item.risk !== 'clinical' || item.mayDecide || rightsOf(viewer.roles).includes('document:read')
}

function summaryOf(summarize: () => unknown): z.infer<typeof View> {
  try {
    return View.parse(summarize())
  } catch {
    return { kind: 'text', tone: 'warn', text: 'This plugin could not describe its proposal. Read the data below before you decide.' }
  }
}
