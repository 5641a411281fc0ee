import { read } from '#lib/server/read.ts'
import { readDetail } from '#lib/server/read-proposal.ts'

import type { PageServerLoad } from './$types.ts'

/** On a wide screen the first proposal is open at once. */
export const load: PageServerLoad = async (event) => {
  const { list } = await event.parent()
  const first = list.items[0]
  if (first === undefined) return { detail: null }
  return read(event, ['proposal'], async (api) => ({ detail: await readDetail(api, first.id) }))
}
