import { orElse, read } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async (event) => {
  return read(event, ['patient', 'episode'], async (api) => {
    const [found, links] = await Promise.all([api.patients.search({ query: '' }), orElse(api.links.list({}), { items: [] })])
    return { found, links: links.items.filter((link) => link.state === 'open') }
  })
}
