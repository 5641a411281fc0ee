import { error } from '@sveltejs/kit'

import { read, readPanels } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = (event) =>
  read(event, ['plugin'], async (api) => {
    const views = await api.plugins.views({ slot: 'nav.page/v1' })
    const ref = views.find((view) => view.plugin === event.params.id && view.viewId === event.params.view)
    if (ref === undefined) error(404, 'This page belongs to a plugin that is off or not installed.')
    const [panel] = await readPanels(api, [ref], {})
    return { ref, panel }
  })
