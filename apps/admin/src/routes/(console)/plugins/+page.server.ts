import { read } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = (event) => read(event, ['plugin'], async (api) => ({ plugins: (await api.plugins.list()).items }))
