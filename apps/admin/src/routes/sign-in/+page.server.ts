import { redirect } from '@sveltejs/kit'

import { apiOf } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async (event) => {
  const wanted = event.url.searchParams.get('next') ?? '/'
  // Only a path of our own: never lead a person who just signed in to another site.
  const next = /^\/(?![/\\])/.test(wanted) ? wanted : '/'
  const signedIn = await apiOf(event)
    ?.session.me()
    .then(
      () => true,
      () => false,
    )
  if (signedIn) redirect(303, next)
  return { next }
}
