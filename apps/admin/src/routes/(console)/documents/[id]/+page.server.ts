import { read } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = (event) => read(event, ['document'], async (api) => api.documents.get({ id: event.params.id }))
