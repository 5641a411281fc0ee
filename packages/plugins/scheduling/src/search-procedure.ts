import type { Run } from '@gonio/sdk'
import { z } from 'zod'

import { addDays, openDay } from './calendar.ts'
import { Wish } from './facts.ts'
import type { FoundSlots } from './facts.ts'
import { findSlots } from './find-slots.ts'
import { readWholeCalendar } from './read-visits.ts'
import type { SchedulingSettings } from './settings.ts'
import type { SchedulingTables } from './tables.ts'

/** Like {@link Wish}, for somebody of the staff: patient, continuity and authorization come from the episode. */
export const SlotQuestion = Wish.omit({ patientId: true, authorizedTo: true, preferred: true, notBefore: true }).extend({
  episodeId: z.uuid().nullable().default(null),
})
export type SlotQuestion = z.infer<typeof SlotQuestion>

export async function findSlotsForStaff(question: SlotQuestion, run: Run<SchedulingTables, SchedulingSettings>): Promise<FoundSlots> {
  const { episodeId, ...wish } = question
  const [clinic, episode] = await Promise.all([run.chart.clinic(), episodeId === null ? null : run.chart.episode(episodeId)])
  const range = { fromMs: openDay(wish.from, clinic.timeZone).startMs, toMs: openDay(addDays(wish.to, 1), clinic.timeZone).startMs }
  const [calendar, own] = await Promise.all([
    readWholeCalendar(run.chart, range),
    episodeId === null ? [] : run.chart.visits({ episodeId }),
  ])
  const visits = [...new Map([...calendar, ...own].map((visit) => [visit.id, visit])).values()]
  const last = own.toSorted((a, b) => Date.parse(b.startsAt) - Date.parse(a.startsAt))[0]
  return findSlots({
    clinic,
    visits,
    wish: {
      ...wish,
      patientId: episode?.patientId ?? null,
      authorizedTo: episode?.authorizedTo ?? null,
      notBefore: run.now,
      preferred: { clinicianId: last?.clinicianId ?? null, minuteOfDay: null },
    },
  })
}
