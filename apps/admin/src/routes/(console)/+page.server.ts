import { readPanels, read } from '#lib/server/read.ts'
import { redirect } from '@sveltejs/kit'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async (event) => {
  const { session } = await event.parent()
  // Who sees no visits starts where the work is.
  if (!session.rights.includes('visit:read')) redirect(303, session.rights.includes('plugin:read') ? '/plugins' : '/approvals')
  const date = event.url.searchParams.get('date')
  return read(event, ['visit', 'proposal', 'job', 'plugin', 'patient', 'episode'], async (api) => {
    const today = await api.today.get(date !== null && /^\d{4}-\d{2}-\d{2}$/.test(date) ? { date } : {})
    return { today, panels: await readPanels(api, today.panels, {}) }
  })
}
