import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, TRPCClientError } from '@trpc/client'

import type { AppRouter } from './api-types.ts'

/** The one way from the browser to the server. Questions go as POST too: what is asked for never stands in an address. */
export const api = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === 'subscription',
      true: httpSubscriptionLink({ url: '/api/trpc' }),
      false: httpBatchLink({ url: '/api/trpc', methodOverride: 'POST' }),
    }),
  ],
})

export interface ApiProblem {
  readonly code: string
  readonly message: string
}

/** The sentence to show for a failed call: the refusal's own, or that the server cannot be reached. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof TRPCClientError) {
    const refusal: unknown = error.data?.refusal
    if (typeof refusal === 'object' && refusal !== null && 'code' in refusal && 'message' in refusal) {
      return { code: String(refusal.code), message: String(refusal.message) }
    }
    if (error.data === undefined || error.data === null)
      return { code: 'unavailable', message: 'Gonio cannot be reached. Nothing was changed; check the network and try again.' }
  }
  return { code: 'defect', message: 'Something went wrong on our side. Nothing was changed; try again.' }
}

/** Plain HTTP beside tRPC: signing in sets the cookie. */
export async function signIn(email: string, password: string): Promise<ApiProblem | null> {
  try {
    const response = await fetch('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    if (response.ok) return null
    const body: unknown = await response.json().catch(() => null)
    const message =
      typeof body === 'object' && body !== null && 'message' in body
        ? String(body.message)
        : 'Sign-in is not possible right now. Try again in a minute.'
    return { code: response.status === 429 ? 'too-many' : 'not-allowed', message }
  } catch {
    return { code: 'unavailable', message: 'Gonio cannot be reached. Check the network and try again.' }
  }
}

export async function signOut(): Promise<void> {
  await fetch('/api/session', { method: 'DELETE' }).catch(() => undefined)
}
