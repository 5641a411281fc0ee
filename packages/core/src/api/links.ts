import { Refusal } from '@gonio/sdk'
import { z } from 'zod'

import { linkToken, markLinkUsed, openLink } from '../identity/index.ts'
import { readOnly, transact } from '../db/index.ts'
import { executeProcedure } from '../plugins/index.ts'
import { commitUnit, MovedFacts } from '../work/index.ts'
import type { Cause } from '../work/index.ts'
import { read } from './act.ts'
import { Id } from './shapes.ts'
import { publicProcedure, router, staff } from './trpc.ts'
import type { ApiDeps } from './trpc.ts'

const Token = z.string().min(10).max(200)
const MAX_RESTARTS = 5

export const links = router({
  list: staff('patient:read')
    .input(z.strictObject({ patientId: Id.optional() }))
    .query(({ ctx, input }) =>
      read(ctx, async (tx) => {
        let find = tx
          .selectFrom('kernel.link')
          .select(['id', 'plugin', 'title', 'subject as refs', 'createdAt', 'expiresAt', 'closedAt', 'usedAt'])
          .orderBy('createdAt', 'desc')
          .limit(100)
        const { patientId } = input
        if (patientId !== undefined) find = find.where((row) => row(row.ref('subject', '->>').key('patientId'), '=', patientId))
        const now = ctx.deps.clock.now().toISOString()
        const items = (await find.execute()).map(({ closedAt, usedAt, ...link }) => ({
          ...link,
          state:
            closedAt !== null
              ? ('closed' as const)
              : link.expiresAt <= now
                ? ('expired' as const)
                : usedAt !== null
                  ? ('used' as const)
                  : ('open' as const),
        }))
        return { items }
      }),
    ),

  url: staff('link:create')
    .input(z.strictObject({ id: Id }))
    .query(({ ctx, input }) =>
      read(ctx, async (tx) => {
        const link = await tx
          .selectFrom('kernel.link')
          .select(['id', 'organizationId', 'closedAt'])
          .where('id', '=', input.id)
          .executeTakeFirst()
        if (link === undefined) throw new Refusal('not-found', 'There is no such link in this clinic.')
        if (link.closedAt !== null) throw new Refusal('expired', 'This link was used up or closed. Make a new one.')
        return { path: `/p/${linkToken(ctx.deps.secret, { organizationId: link.organizationId, linkId: link.id })}` }
      }),
    ),

  open: publicProcedure.input(z.strictObject({ token: Token })).query(async ({ ctx, input }) => {
    const link = await openLink(ctx.deps.db, ctx.deps.secret, input.token, ctx.deps.clock.now())
    const clinic = await readOnly(ctx.deps.db, link.organizationId, (tx) =>
      tx.selectFrom('kernel.organization').select('name').executeTakeFirstOrThrow(),
    )
    return {
      plugin: link.plugin,
      title: link.title,
      start: link.procedures[0] ?? '',
      procedures: link.procedures,
      language: link.language,
      clinicName: clinic.name,
    }
  }),

  invoke: publicProcedure
    .input(z.strictObject({ token: Token, procedure: z.string().max(120), input: z.json() }))
    .mutation(async ({ ctx, input }) => {
      const { deps } = ctx
      const link = await openLink(deps.db, deps.secret, input.token, deps.clock.now())
      const access = deps.registry.plugins.get(link.plugin)?.procedures.get(input.procedure)?.access
      if (!link.procedures.includes(input.procedure) || access !== 'patient-link')
        throw new Refusal('not-allowed', 'This link is not for that.')
      for (let restart = 0; ; restart++) {
        const cause = await causeOfLink(deps, link.organizationId, link.linkId)
        const refs = { ...link.subject, linkId: link.linkId }
        const { unit, output } = await executeProcedure(deps, {
          procedure: input.procedure,
          input: input.input,
          cause,
          refs,
          actor: { kind: 'patient', id: link.linkId },
        })
        try {
          if (unit.changes.length > 0) await commitUnit(deps, unit)
          return output
        } catch (error) {
          if (!(error instanceof MovedFacts) || restart >= MAX_RESTARTS) throw error
        }
      }
    }),
})

/** What a patient does on a link continues the story in which the link was made. */
async function causeOfLink(deps: ApiDeps, organizationId: string, linkId: string): Promise<Cause> {
  const actor = { kind: 'patient', id: linkId } as const
  const correlationId = await transact(deps.db, organizationId, async (tx) => {
    const link = await tx.selectFrom('kernel.link').select(['correlationId', 'usedAt']).where('id', '=', linkId).executeTakeFirst()
    const story = link?.correlationId ?? deps.clock.newId()
    if (link?.usedAt === null)
      await markLinkUsed(tx, deps.clock, { organizationId, linkId }, { actor, correlationId: story, causationId: null })
    return story
  })
  return { organizationId, actor, correlationId, causationId: linkId, depth: 0, behindStaff: null }
}
