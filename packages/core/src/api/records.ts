import { z } from 'zod'

import { readStaff } from '../identity/index.ts'
import { read } from './act.ts'
import { titleOf } from './patients.ts'
import { Cursor, Id } from './shapes.ts'
import { router, signedIn, staff } from './trpc.ts'

const PAGE = 60

export const audit = router({
  list: staff('audit:read')
    .input(z.strictObject({ cursor: Cursor, patientId: Id.optional(), action: z.string().max(80).optional() }))
    .query(({ ctx, input }) =>
      read(ctx, async (tx) => {
        let find = tx
          .selectFrom('audit.entry')
          .leftJoin('audit.sealed', 'audit.sealed.entryId', 'audit.entry.id')
          .select([
            'audit.entry.id',
            'seq',
            'occurredAt',
            'actorKind',
            'actorId',
            'action',
            'refs',
            'correlationId',
            'causationId',
            'detail',
          ])
          .orderBy('audit.entry.id', 'desc')
          .limit(PAGE + 1)
        const { cursor, patientId, action } = input
        if (cursor !== undefined) find = find.where('audit.entry.id', '<', cursor)
        if (patientId !== undefined) find = find.where('patientId', '=', patientId)
        if (action !== undefined && action !== '') find = find.where('action', 'like', `${action.replaceAll(/[%_\\]/g, '\\$&')}%`)
        const rows = await find.execute()
        const names = new Map((await readStaff(tx)).map((member) => [member.id, member.name]))
        const sealed = await tx
          .selectFrom('audit.checkpoint')
          .select(['size', 'root', 'createdAt as at'])
          .orderBy('size', 'desc')
          .limit(1)
          .executeTakeFirst()
        return {
          items: rows.slice(0, PAGE).map(({ actorKind, actorId, ...row }) => ({
            ...row,
            actor: { kind: actorKind, id: actorId, name: names.get(actorId ?? '') ?? actorId ?? actorKind },
          })),
          next: rows.length > PAGE ? (rows[PAGE - 1]?.id ?? null) : null,
          sealed: sealed === undefined ? null : { size: sealed.size, root: sealed.root.toString('base64'), at: sealed.at },
        }
      }),
    ),

  verify: staff('audit:verify').mutation(({ ctx }) => ctx.deps.audit.verify(ctx.viewer.organizationId)),
})

export interface ChainLink {
  readonly kind: 'event' | 'proposal' | 'decision' | 'document' | 'delivery'
  readonly id: string
  readonly at: string
  readonly title: string
  readonly by: string
  readonly causationId: string | null
  readonly refs: object
}

export const why = router({
  /** Everything that belongs to one story, oldest first, each with what directly caused it. */
  chain: staff('patient:read')
    .input(z.strictObject({ correlationId: Id }))
    .query(({ ctx, input }) =>
      read(ctx, async (tx) => {
        const names = new Map((await readStaff(tx)).map((member) => [member.id, member.name]))
        const events = await tx
          .selectFrom('kernel.event')
          .select(['id', 'occurredAt', 'type', 'emittedBy', 'causationId', 'refs'])
          .where('correlationId', '=', input.correlationId)
          .orderBy('occurredAt')
          .orderBy('id')
          .limit(2_000)
          .execute()
        const proposed = await tx
          .selectFrom('kernel.proposal')
          .leftJoin('kernel.decision', 'kernel.decision.proposalId', 'kernel.proposal.id')
          .select([
            'kernel.proposal.id',
            'createdAt',
            'action',
            'plugin',
            'causationId',
            'refs',
            'kernel.decision.id as decisionId',
            'verdict',
            'staffId',
            'decidedAt',
          ])
          .where('correlationId', '=', input.correlationId)
          .limit(500)
          .execute()
        const delivered = await tx
          .selectFrom('kernel.delivery')
          .select(['id', 'createdAt', 'target', 'plugin', 'causationId', 'refs'])
          .where('correlationId', '=', input.correlationId)
          .limit(500)
          .execute()
        const links: ChainLink[] = [
          ...events.map((event): ChainLink => ({
            kind: event.type.startsWith('document.') ? 'document' : 'event',
            id: event.id,
            at: event.occurredAt,
            title: titleOf(event.type),
            by: named(names, event.emittedBy),
            causationId: event.causationId,
            refs: event.refs,
          })),
          ...proposed.map((proposal): ChainLink => ({
            kind: 'proposal',
            id: proposal.id,
            at: proposal.createdAt,
            title: `Proposed ${proposal.action}`,
            by: proposal.plugin,
            causationId: proposal.causationId,
            refs: proposal.refs,
          })),
          ...proposed.flatMap((proposal): ChainLink[] =>
            proposal.decisionId === null || proposal.decidedAt === null
              ? []
              : [
                  {
                    kind: 'decision',
                    id: proposal.decisionId,
                    at: proposal.decidedAt,
                    title: `${proposal.verdict === 'approve' ? 'Approved' : 'Rejected'} ${proposal.action}`,
                    by: names.get(proposal.staffId ?? '') ?? '',
                    causationId: proposal.id,
                    refs: proposal.refs,
                  },
                ],
          ),
          ...delivered.map((delivery): ChainLink => ({
            kind: 'delivery',
            id: delivery.id,
            at: delivery.createdAt,
            title: `Delivery to ${delivery.target}`,
            by: delivery.plugin,
            causationId: delivery.causationId,
            refs: delivery.refs,
          })),
        ]
        return { links: links.toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1)) }
      }),
    ),
})

export const staffRouter = router({
  list: signedIn.query(({ ctx }) =>
    read(ctx, async (tx) => ({
      items: (await readStaff(tx)).map(({ id, name, email, roles, licenses, active }) => ({ id, name, email, roles, licenses, active })),
    })),
  ),
})

function named(names: ReadonlyMap<string, string>, by: string): string {
  const [kind, id] = by.split(':')
  return kind === 'staff' ? (names.get(id ?? '') ?? by) : kind === 'plugin' ? (id ?? by) : by
}
