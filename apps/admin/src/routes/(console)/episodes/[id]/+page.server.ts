import { nameActors } from '#lib/server/name-actors.ts'
import { orElse, read, readPanels } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = (event) =>
  read(event, ['episode', 'visit', 'document', 'proposal', 'patient'], async (api) => {
    const course = await api.episodes.get({ id: event.params.id })
    const refs = { patientId: course.patient.id, episodeId: course.episode.id }
    const [timeline, panels] = await Promise.all([
      orElse(api.patients.timeline({ patientId: course.patient.id }), { entries: [] }),
      readPanels(api, course.tabs, refs),
    ])
    return {
      course,
      panels,
      timeline: await nameActors(
        api,
        timeline.entries.filter((entry) => entry.refs.episodeId === course.episode.id),
      ),
    }
  })
