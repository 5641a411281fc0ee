import { apiOf } from '#lib/server/read.ts'

import type { PageServerLoad } from './$types.ts'
import type { Language } from './messages.ts'
import { readStep } from './step.ts'

/** Shown with the link alone: no staff session is read, and nothing but this interview is sent. */
export const load: PageServerLoad = async (event) => {
  const api = apiOf(event)
  const { token } = event.params
  const chosen = event.cookies.get('lang')
  const link = await api?.links.open({ token }).catch(() => null)
  const language: Language = chosen === 'es' || chosen === 'en' ? chosen : (link?.language ?? 'en')
  event.locals.language = language
  if (api === undefined || link === null || link === undefined) return { open: false as const, language }
  const first = await api.links.invoke({ token, procedure: link.start, input: {} }).catch(() => null)
  const answerWith = link.procedures.find((procedure) => procedure !== link.start) ?? link.start
  return { open: true as const, language, token, clinicName: link.clinicName, start: link.start, answerWith, step: readStep(first) }
}
