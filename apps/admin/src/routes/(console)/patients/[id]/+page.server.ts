import { nameActors } from '#lib/server/name-actors.ts'
import { orElse, read, readPanels } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = (event) =>
  read(event, ['patient', 'episode', 'visit', 'document', 'proposal'], async (api) => {
    const id = event.params.id
    const [chart, timeline, links] = await Promise.all([
      api.patients.get({ id }),
      orElse(api.patients.timeline({ patientId: id }), { entries: [] }),
      orElse(api.links.list({ patientId: id }), { items: [] }),
    ])
    return {
      chart,
      timeline: await nameActors(api, timeline.entries),
      links: links.items,
      cards: await readPanels(api, chart.cards, { patientId: id }),
    }
  })
