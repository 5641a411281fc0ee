import { read } from '#lib/server/read.ts'
import { readDetail } from '#lib/server/read-proposal.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = (event) =>
  read(event, ['proposal', 'patient', 'episode', 'visit'], async (api) => ({ detail: await readDetail(api, event.params.id) }))
