import { read } from '#lib/server/read.ts'

import type { LayoutServerLoad } from './$types.ts'

export const load: LayoutServerLoad = (event) => {
  const state = event.url.searchParams.get('state') === 'decided' ? 'decided' : 'pending'
  return read(event, ['proposal'], async (api) => ({ state, list: await api.proposals.list({ state }) }) as const)
}
