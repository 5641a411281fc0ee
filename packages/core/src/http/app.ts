import { getConnInfo } from '@hono/node-server/conninfo'
import { trpcServer } from '@hono/trpc-server'
import { isRefusal, Refusal } from '@gonio/sdk'
import type { RefusalCode } from '@gonio/sdk'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { sql } from 'kysely'
import { z } from 'zod'

import { appRouter } from '../api/index.ts'
import type { ApiCaller, ApiDeps } from '../api/index.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { endedSessionCookie, sessionCookie, signIn, signOut, tokenFromCookie, viewerOf } from '../identity/index.ts'
import type { SignInDeps, Viewer } from '../identity/index.ts'

/** What of a kernel is served. */
export interface Served {
  readonly db: Db
  readonly clock: Clock
  readonly api: ApiDeps
  readonly signIn: SignInDeps
  callerFor(viewer: Viewer | null): ApiCaller
}

/** Largest request body. */
const MAX_BODY_BYTES = 4_000_000
/** Procedures that one request may call; a page asks for a dozen at once. */
const MAX_BATCH = 50
const SignInShape = z.strictObject({ email: z.string().max(200), password: z.string().max(500) })

/** The HTTP face of a kernel: session, tRPC with its SSE stream, health. */
export function createApp(kernel: Served, options: { trustProxy: boolean }): Hono {
  const app = new Hono()
  const https = (c: Context): boolean => options.trustProxy && c.req.header('x-forwarded-proto') === 'https'

  app.use(async (c, next) => {
    await next()
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
    c.header('cache-control', 'no-store')
  })
  app.use(
    '/api/*',
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => refuse(c, new Refusal('too-large', 'A request may have at most 4 MB. Send less at once.')),
    }),
  )
  app.use('/api/*', async (c, next) => {
    if (c.req.method !== 'GET' && !sameOrigin(c))
      return refuse(c, new Refusal('not-allowed', 'This request came from another site and was refused.'))
    return next()
  })

  app.get('/healthz', (c) => c.json({ ok: true }))
  app.get('/readyz', async (c) => {
    try {
      await sql`select 1`.execute(kernel.db)
      return c.json({ ok: true })
    } catch {
      return c.json({ ok: false, because: 'database' }, 503)
    }
  })

  app.post('/api/session', async (c) => {
    const body = SignInShape.safeParse(await c.req.json().catch(() => null))
    if (!body.success) return refuse(c, new Refusal('invalid-input', 'Send an e-mail address and a password.'))
    try {
      const { token } = await signIn(kernel.signIn, {
        ...body.data,
        ip: getConnInfo(c).remote.address ?? 'unknown',
        userAgent: (c.req.header('user-agent') ?? '').slice(0, 300),
        previousToken: tokenFromCookie(c.req.header('cookie'), https(c)),
      })
      c.header('set-cookie', sessionCookie(token, https(c)))
      return c.json({ ok: true })
    } catch (error) {
      if (isRefusal(error)) return refuse(c, error)
      throw error
    }
  })
  app.delete('/api/session', async (c) => {
    const token = tokenFromCookie(c.req.header('cookie'), https(c))
    if (token !== null) await signOut(kernel.signIn, token)
    c.header('set-cookie', endedSessionCookie(https(c)))
    return c.body(null, 204)
  })

  app.use(
    '/api/trpc/*',
    trpcServer({
      router: appRouter,
      endpoint: '/api/trpc',
      // A question as POST keeps names and ids out of addresses, and so out of the logs of every proxy.
      allowMethodOverride: true,
      maxBatchSize: MAX_BATCH,
      createContext: async (_, c) => ({
        deps: kernel.api,
        viewer: await viewerOfRequest(kernel, c.req.header('cookie'), { https: https(c), touch: !c.req.path.endsWith('/live.changes') }),
      }),
    }),
  )
  app.notFound((c) => refuse(c, new Refusal('not-found', 'There is nothing at this address.')))
  app.onError((error, c) => {
    kernel.api.onDefect({ id: kernel.clock.newId(), path: c.req.routePath, error })
    return refuse(c, new Refusal('unavailable', 'Something went wrong on our side; it was recorded and nothing was half-saved. Try again.'))
  })
  return app
}

export function viewerOfRequest(
  kernel: Served,
  cookie: string | undefined,
  options: { https: boolean; touch: boolean },
): Promise<Viewer | null> {
  return viewerOf(kernel.signIn, tokenFromCookie(cookie, options.https), { touch: options.touch })
}

function refuse(c: Context, { code, message }: Refusal): Response {
  return c.json({ code, message }, statusOf(code))
}

function statusOf(code: RefusalCode): ContentfulStatusCode {
  switch (code) {
    case 'invalid-input':
      return 400
    case 'not-signed-in':
      return 401
    case 'not-allowed':
    case 'license-required':
      return 403
    case 'not-found':
      return 404
    case 'too-large':
      return 413
    case 'too-many':
      return 429
    case 'unavailable':
      return 503
    default:
      return 409
  }
}

/** Browsers name the origin of every write; one of another host is somebody else's page. Programs without one are not browsers. */
function sameOrigin(c: Context): boolean {
  const origin = c.req.header('origin')
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host')
}
