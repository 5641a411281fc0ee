/**
 * api: the tRPC routers. Each procedure parses, asks for a right, calls one function and answers.
 * It never contains a rule, and no procedure exists without saying who may call it.
 * http mounts it; the console and the command line call it.
 */
export { appRouter, createApiCaller } from './router.ts'
export type { ApiCaller, AppRouter } from './router.ts'
export type { LiveChange } from './live.ts'
export type { ProposalItem, ViewRef, VisitCard } from './cards.ts'
export type { ChainLink } from './records.ts'
export { assertAccessDeclared } from './trpc.ts'
export type { ApiContext, ApiDeps, ApiMeta } from './trpc.ts'
