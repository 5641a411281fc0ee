import { orElse, read } from '#lib/server/read.ts'

import type { LayoutServerLoad } from './$types.ts'

export const load: LayoutServerLoad = (event) =>
  read(event, ['proposal', 'plugin'], async (api) => {
    const [session, today, pluginPages] = await Promise.all([
      api.session.me(),
      orElse(api.today.get({}), null),
      orElse(api.plugins.views({ slot: 'nav.page/v1' }), []),
    ])
    return { session, pending: today?.pendingProposals ?? 0, pluginPages, now: Date.now() }
  })
