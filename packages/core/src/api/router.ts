import { rightsOf } from '../identity/index.ts'
import { read } from './act.ts'
import { documents } from './documents.ts'
import { episodes } from './episodes.ts'
import { jobs } from './jobs.ts'
import { links } from './links.ts'
import { live } from './live.ts'
import { patients } from './patients.ts'
import { plugins } from './plugins.ts'
import { proposals } from './proposals.ts'
import { audit, staffRouter, why } from './records.ts'
import { assertAccessDeclared, createCallerFactory, router, signedIn } from './trpc.ts'
import { measurements, today, visits } from './visits.ts'

const session = router({
  me: signedIn.query(({ ctx }) =>
    read(ctx, async (tx) => {
      const organization = await tx
        .selectFrom('kernel.organization')
        .select(['organizationId as id', 'name', 'timeZone', 'demo'])
        .executeTakeFirstOrThrow()
      const { staffId, name, email, roles, licenses } = ctx.viewer
      return {
        staff: { id: staffId, name, email, roles, licenses },
        rights: rightsOf(roles),
        demo: organization.demo,
        organization: { id: organization.id, name: organization.name, timeZone: organization.timeZone },
      }
    }),
  ),
})

export const appRouter = router({
  session,
  today,
  proposals,
  patients,
  episodes,
  visits,
  measurements,
  documents,
  links,
  plugins,
  jobs,
  audit,
  why,
  staff: staffRouter,
  live,
})
assertAccessDeclared(appRouter._def.procedures)

export type AppRouter = typeof appRouter
export const createApiCaller = createCallerFactory(appRouter)
export type ApiCaller = ReturnType<typeof createApiCaller>
