import { orElse, read, readPanels } from '#lib/server/read.ts'
import { readDetail } from '#lib/server/read-proposal.ts'

import type { PageServerLoad } from './$types.ts'

/** Proposals shown open on the visit's own page; the rest stay in the inbox. */
const OPEN_PROPOSALS = 3

export const load: PageServerLoad = (event) =>
  read(event, ['visit', 'document', 'proposal', 'episode'], async (api) => {
    const sheet = await api.visits.get({ id: event.params.id })
    const refs = { patientId: sheet.patient.id, episodeId: sheet.episode.id, visitId: sheet.visit.id }
    const waiting = sheet.proposals.filter((proposal) => proposal.state === 'pending' || proposal.state === 'stale')
    const [course, panels, details] = await Promise.all([
      orElse(api.episodes.get({ id: sheet.episode.id }), null),
      readPanels(api, sheet.panels, refs),
      Promise.all(waiting.slice(0, OPEN_PROPOSALS).map((proposal) => orElse(readDetail(api, proposal.id), null))),
    ])
    return {
      sheet,
      panels,
      goals: course?.goals ?? [],
      earlier: (course?.measurements ?? []).filter((measured) => measured.visitId !== sheet.visit.id),
      details: details.filter((detail) => detail !== null),
    }
  })
