import { refreshAll } from '$app/navigation'

import { problemOf } from '#lib/api.ts'
import type { ApiProblem } from '#lib/api.ts'
import { toasts } from '#lib/ui/toast.svelte.ts'

export type Acted<T> = { ok: true; value: T } | { ok: false; problem: ApiProblem }

/** Runs one mutation: says what was done or why not, and shows the new truth. `quiet` leaves the sentence to the caller. */
export async function act<T>(run: () => Promise<T>, options: { done?: string; quiet?: boolean } = {}): Promise<Acted<T>> {
  try {
    const value = await run()
    await refreshAll()
    if (options.done !== undefined) toasts.show(options.done)
    return { ok: true, value }
  } catch (error) {
    const problem = problemOf(error)
    if (problem.code === 'not-signed-in') {
      location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
    } else {
      if (!options.quiet) toasts.show(problem.message, 'bad')
      // Someone else was first: show what they left.
      if (['conflict', 'stale', 'already-decided', 'wrong-state', 'expired', 'slot-taken'].includes(problem.code)) await refreshAll()
    }
    return { ok: false, problem }
  }
}
