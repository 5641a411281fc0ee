import { read } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = (event) => {
  const asked = event.url.searchParams
  const [action, patientId, cursor] = ['action', 'patient', 'cursor'].map((name) => asked.get(name)?.trim().slice(0, 200) || undefined)
  return read(event, [], async (api) => ({
    filter: { action: action ?? '', patient: patientId ?? '' },
    older: cursor !== undefined,
    log: await api.audit.list({
      ...(action === undefined ? {} : { action }),
      ...(patientId === undefined ? {} : { patientId }),
      ...(cursor === undefined ? {} : { cursor }),
    }),
  }))
}
