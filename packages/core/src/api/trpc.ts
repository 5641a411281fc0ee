import { Defect, isRefusal, Refusal } from '@gonio/sdk'
import type { RefusalCode, Right } from '@gonio/sdk'
import { initTRPC, TRPCError } from '@trpc/server'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server'
import { ZodError } from 'zod'

import type { Clock } from '../clock.ts'
import { refusalOfDatabase } from '../db/index.ts'
import { authorize } from '../identity/index.ts'
import type { Viewer } from '../identity/index.ts'
import type { WorkerDeps } from '../plugins/index.ts'
import { MovedFacts } from '../work/index.ts'

/** What every procedure works with. */
export interface ApiDeps extends WorkerDeps {
  readonly clock: Clock
  readonly secret: string
  readonly audit: AuditDoor
  readonly operate: OperateDoor
  onDefect(report: { id: string; path: string; error: unknown }): void
}
/** The signing key stays with the composition root. */
export interface AuditDoor {
  verify(organizationId: string): Promise<{
    ok: boolean
    checked: number
    size: number
    root: string
    problem: null | { seq: number | null; id: string | null; what: string }
    at: string
  }>
}
export interface OperateDoor {
  readonly maxLiveStreams: number
}

export interface ApiContext {
  readonly deps: ApiDeps
  readonly viewer: Viewer | null
}

/** Every procedure states who may call it; the router refuses to start otherwise. */
export interface ApiMeta {
  readonly access: Right | 'signed-in' | 'public'
}

const CODES: Readonly<Record<RefusalCode, TRPC_ERROR_CODE_KEY>> = {
  'invalid-input': 'BAD_REQUEST',
  'not-signed-in': 'UNAUTHORIZED',
  'not-allowed': 'FORBIDDEN',
  'license-required': 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  'already-exists': 'CONFLICT',
  'already-decided': 'CONFLICT',
  conflict: 'CONFLICT',
  stale: 'CONFLICT',
  'slot-taken': 'CONFLICT',
  'wrong-state': 'CONFLICT',
  expired: 'PRECONDITION_FAILED',
  'too-large': 'PAYLOAD_TOO_LARGE',
  'too-many': 'TOO_MANY_REQUESTS',
  'plugin-disabled': 'PRECONDITION_FAILED',
  'plugin-failed': 'BAD_GATEWAY',
  unavailable: 'SERVICE_UNAVAILABLE',
}

const t = initTRPC
  .context<ApiContext>()
  .meta<ApiMeta>()
  .create({
    isServer: true,
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
    errorFormatter({ shape, error }) {
      const refusal = refusalOf(error)
      return {
        ...shape,
        message: refusal.message,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path,
          refusal: { code: refusal.code, message: refusal.message, detail: refusal.detail },
        },
      }
    },
  })

/** What may be told to the caller: refusals as they are, bad input by field names, everything else without a word of its content. */
function refusalOf(error: TRPCError): Pick<Refusal, 'code' | 'message' | 'detail'> {
  const { cause } = error
  if (isRefusal(cause)) return cause
  if (cause instanceof ZodError) {
    const fields = cause.issues.slice(0, 10).map((issue) => `${fieldOf(issue)} (${issue.code.replaceAll('_', ' ')})`)
    return { code: 'invalid-input', message: `Some fields are missing or not as expected: ${fields.join(', ')}.`, detail: { fields } }
  }
  if (error.code === 'UNAUTHORIZED') return { code: 'not-signed-in', message: 'Your session has ended. Sign in again.', detail: {} }
  if (error.code === 'NOT_FOUND') return { code: 'not-found', message: 'There is no such procedure.', detail: {} }
  if (error.code === 'BAD_REQUEST' || error.code === 'PARSE_ERROR')
    return { code: 'invalid-input', message: 'The request could not be read.', detail: {} }
  if (error.code === 'METHOD_NOT_SUPPORTED' || error.code === 'UNSUPPORTED_MEDIA_TYPE')
    return { code: 'invalid-input', message: 'This procedure is called in another way; see the API reference.', detail: {} }
  if (error.code === 'PAYLOAD_TOO_LARGE') return { code: 'too-large', message: 'The request is too large.', detail: {} }
  return {
    code: 'unavailable',
    message: 'Something went wrong on our side; it was recorded and nothing was half-saved. Try again.',
    detail: {},
  }
}

/** Names of fields come from our schemas, except keys of a record: those are the caller's words. */
function fieldOf({ path, code }: ZodError['issues'][number]): string {
  const known = code === 'invalid_key' ? path.slice(0, -1) : path
  return known.map(String).join('.').slice(0, 100) || 'the input'
}

/** Facts that moved at every new try: many people at one row. The error itself names tables and stays here. */
function crowded(): Refusal {
  return new Refusal('conflict', 'Others changed the same thing at this moment and nothing of yours was kept. Try again.')
}

const refusals = t.middleware(async ({ next, ctx, path }) => {
  const result = await next()
  if (result.ok) return result
  const { cause } = result.error
  const refusal = isRefusal(cause) ? cause : cause instanceof MovedFacts ? crowded() : refusalOfDatabase(cause)
  if (refusal !== null) throw new TRPCError({ code: CODES[refusal.code], message: refusal.message, cause: refusal })
  if (result.error.code === 'INTERNAL_SERVER_ERROR') ctx.deps.onDefect({ id: ctx.deps.clock.newId(), path, error: cause ?? result.error })
  return result
})

const base = t.procedure.use(refusals)

/** For anyone, signed in or not. */
export const publicProcedure = base.meta({ access: 'public' })

/** For a member of staff, whatever the role. */
export const signedIn = base.meta({ access: 'signed-in' }).use(({ ctx, next }) => {
  if (ctx.viewer === null) throw new Refusal('not-signed-in', 'Your session has ended. Sign in again.')
  return next({ ctx: { ...ctx, viewer: ctx.viewer } })
})

/** For a member of staff whose roles give the right. */
export function staff(right: Right) {
  return base.meta({ access: right }).use(({ ctx, next }) => {
    if (ctx.viewer === null) throw new Refusal('not-signed-in', 'Your session has ended. Sign in again.')
    authorize(ctx.viewer, right)
    return next({ ctx: { ...ctx, viewer: ctx.viewer } })
  })
}

export const router = t.router
export const createCallerFactory = t.createCallerFactory

/** @throws Defect at start when a procedure does not say who may call it */
export function assertAccessDeclared(procedures: Readonly<Record<string, unknown>>): void {
  for (const [path, procedure] of Object.entries(procedures)) {
    const access: unknown = Reflect.get(Object(Reflect.get(Object(Reflect.get(Object(procedure), '_def')), 'meta')), 'access')
    if (typeof access !== 'string')
      throw new Defect(`The procedure ${path} does not say who may call it. Build it with staff(right), signedIn or publicProcedure.`)
  }
}
