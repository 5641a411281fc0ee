import { read } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

const STATES = ['waiting', 'active', 'failed', 'done'] as const

export const load: PageServerLoad = (event) => {
  const state = STATES.find((one) => one === event.url.searchParams.get('state'))
  return read(event, ['job'], async (api) => ({ state: state ?? null, jobs: await api.jobs.list(state === undefined ? {} : { state }) }))
}
