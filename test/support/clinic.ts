import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openHttp, openKernel } from '@gonio/core'
import type { HttpServer, Kernel, KernelOptions } from '@gonio/core'
import { openTestDatabase } from '@gonio/core/testing'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import type { TRPCClient } from '@trpc/client'
import type { AppRouter } from '@gonio/core/api'

import { openDemoClinic } from '../../examples/small-clinic/clinic.ts'
import { clinic } from '../../examples/small-clinic/gonio.config.ts'
import { DEMO_SIGN_INS } from '../../examples/small-clinic/people.ts'

export type Client = TRPCClient<AppRouter>
export type Role = 'front-desk' | 'therapist' | 'assistant' | 'biller' | 'manager' | 'admin'

export interface TestClinic {
  readonly kernel: Kernel
  readonly http: HttpServer
  readonly adminUrl: string
  readonly secretsDir: string
  readonly organizationId: string
  /** Signs in over HTTP as the first person with this role and returns a client with the cookie. */
  as(role: Role): Promise<Client>
  anonymous: Client
  close(): Promise<void>
}

/** A whole clinic on a database of its own: kernel, workers, HTTP on a free port, the demo staff. */
export async function openClinic(options: Partial<KernelOptions> = {}): Promise<TestClinic> {
  const database = await openTestDatabase()
  await database.db.destroy()
  const secretsDir = await mkdtemp(join(tmpdir(), 'gonio-secrets-'))
  const kernel = await openKernel({
    adminUrl: database.adminUrl,
    secret: 'secret-of-the-test-databases',
    secretsDir,
    plugins: clinic.plugins,
    onReport: (report) => console.error(`[${report.kind}] ${report.text}`, report.error ?? ''),
    ...options,
  })
  const { organizationId } = await openDemoClinic(kernel, `Clinic ${randomBytes(3).toString('hex')}`)
  const http = await openHttp(kernel, { host: '127.0.0.1', port: 0, trustProxy: false, console: null })
  return {
    kernel,
    http,
    organizationId,
    adminUrl: database.adminUrl,
    secretsDir,
    anonymous: clientFor(http.url, null),
    as: async (role) => clientFor(http.url, await signInAs(http.url, role)),
    async close() {
      await http.close()
      await kernel.stop()
      await database.close()
      await rm(secretsDir, { recursive: true, force: true })
    },
  }
}

export async function signInAs(url: string, role: Role): Promise<string> {
  const person = DEMO_SIGN_INS.find((candidate) => candidate.role === role)
  if (person === undefined) throw new Error(`no demo person is ${role}`)
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person.email, password: person.password }),
  })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (!response.ok || cookie === undefined) throw new Error(`sign-in as ${role} answered ${response.status}`)
  return cookie
}

export function clientFor(url: string, cookie: string | null): Client {
  return createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${url}/api/trpc`, ...(cookie === null ? {} : { headers: { cookie } }) })],
  })
}

/** Asks again until the answer is there; fails with what it waited for. */
export async function eventually<T>(what: string, ask: () => Promise<T | null | undefined>, timeoutMs = 30_000): Promise<T> {
  const until = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined) return answer
    if (Date.now() > until) throw new Error(`waited ${timeoutMs} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A day from today on, YYYY-MM-DD. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}
