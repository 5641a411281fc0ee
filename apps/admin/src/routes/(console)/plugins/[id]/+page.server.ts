import { error } from '@sveltejs/kit'

import { read } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = (event) =>
  read(event, ['plugin'], async (api) => {
    const plugin = (await api.plugins.list()).items.find((item) => item.id === event.params.id)
    if (plugin === undefined) error(404, 'No plugin of this name is installed.')
    return { plugin }
  })
