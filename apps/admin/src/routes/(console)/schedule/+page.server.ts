import { clinicClock, mondayOf } from '#lib/clinic-time.ts'
import { orElse, read } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

const DATE = /^\d{4}-\d{2}-\d{2}$/

export const load: PageServerLoad = async (event) => {
  const { session, now } = await event.parent()
  const asked = event.url.searchParams
  const today = clinicClock(new Date(now).toISOString(), session.organization.timeZone).date
  const date = [asked.get('date'), today].find((value): value is string => value !== null && DATE.test(value)) ?? today
  const patientId = asked.get('patient')
  return read(event, ['visit', 'plugin'], async (api) => {
    const [week, chart] = await Promise.all([
      api.visits.week({ from: mondayOf(date) }),
      patientId === null ? null : orElse(api.patients.get({ id: patientId }), null),
    ])
    return { week, date, today, who: asked.get('who'), forPatient: chart, forEpisode: asked.get('episode') }
  })
}
