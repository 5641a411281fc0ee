import { createTRPCUntypedClient, httpLink, TRPCClientError } from '@trpc/client'

import type { ApiCaller } from '#lib/api-types.ts'

/** Where `vite dev` finds a running kernel; vite.config.ts sends the browser's calls to the same place. */
export const KERNEL_URL = 'http://localhost:4600'

/** For `vite dev` alone: pages read over HTTP what they read in process when the kernel serves them. */
export function remoteCaller(cookie: string): ApiCaller {
  const client = createTRPCUntypedClient({ links: [httpLink({ url: `${KERNEL_URL}/api/trpc`, headers: { cookie } })] })
  const call = (path: string, input: unknown): Promise<unknown> =>
    path === 'links.invoke' ? client.mutation(path, input) : client.query(path, input)
  const noun = (name: string): unknown =>
    new Proxy(
      {},
      {
        get: (_, verb) => (input: unknown) =>
          call(`${name}.${String(verb)}`, input).catch((error: unknown) => Promise.reject(refusalOf(error))),
      },
    )
  const caller: ApiCaller = new Proxy(Object.create(null), { get: (_, name) => noun(String(name)) })
  return caller
}

function refusalOf(error: unknown): unknown {
  const refusal: unknown = error instanceof TRPCClientError ? error.data?.refusal : null
  if (typeof refusal !== 'object' || refusal === null || !('code' in refusal)) return error
  return Object.assign(new Error('message' in refusal ? String(refusal.message) : ''), { name: 'Refusal', code: refusal.code })
}
