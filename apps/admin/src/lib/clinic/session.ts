import { page } from '$app/state'

import type { Session } from '#lib/api-types.ts'
import { clock } from '#lib/ui/clock.svelte.ts'
import type { Right } from '@gonio/sdk'

/** Who is signed in; every page of the console has a session. */
export function session(): Session {
  const found = page.data.session
  if (found === undefined) throw new Error('This part of the console is shown only to signed-in staff.')
  return found
}

export function may(right: Right): boolean {
  return session().rights.includes(right)
}

export function zone(): string {
  return session().organization.timeZone
}

export function now(): number {
  return Math.max(page.data.now ?? 0, clock.now)
}
