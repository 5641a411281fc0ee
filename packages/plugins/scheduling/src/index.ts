/**
 * Owns the search for free slots and the placing of a whole plan of care in the calendar, with reasons for and against each slot.
 * It never books: the front desk approves `visit.book`, and every rule is checked again on the calendar of that moment.
 * Called by the kernel on `plan.approved` and `episode.discharged`, by staff who look for a slot, and for the views.
 */
import { definePlugin, View } from '@gonio/sdk'
import { z } from 'zod'

import { bookVisits } from './book-visits.ts'
import { ClinicFacts, FoundSlots, VisitFacts, Wish } from './facts.ts'
import { findSlots } from './find-slots.ts'
import { PlacedPlan, placePlan, PlanWish } from './place-plan.ts'
import { proposeVisits, withdrawVisits } from './propose-visits.ts'
import { findSlotsForStaff, SlotQuestion } from './search-procedure.ts'
import { SchedulingSettings } from './settings.ts'
import { migrations } from './tables.ts'
import type { SchedulingTables } from './tables.ts'
import { showEpisodeVisits, showOpenTime } from './views.ts'

const Visits = z.array(VisitFacts).max(20_000).default([])

export const schedulingPlugin = definePlugin<SchedulingTables>()({
  id: 'scheduling',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Scheduling',
  summary: 'Finds slots with reasons and places a whole plan of care; the front desk books.',
  permissions: ['clinic:read', 'episode:read', 'visit:read', 'visit:propose', 'own-data:write', 'ui:contribute'],
  settings: SchedulingSettings,
  migrations,
  setup(plugin) {
    plugin.on('plan.approved', proposeVisits)
    plugin.on('episode.discharged', withdrawVisits)
    plugin.action(bookVisits)
    plugin.procedure(
      'scheduling.find-slots-in',
      {
        input: z.object({ clinic: ClinicFacts, visits: Visits, wish: Wish }),
        output: FoundSlots,
        access: 'pure',
        summary: 'Free slots in a given calendar, with reasons',
      },
      findSlots,
    )
    plugin.procedure(
      'scheduling.place-plan-in',
      {
        input: z.object({ clinic: ClinicFacts, visits: Visits, plan: PlanWish }),
        output: PlacedPlan,
        access: 'pure',
        summary: 'Places a plan of care in a given calendar',
      },
      placePlan,
    )
    plugin.procedure(
      'scheduling.find-slots',
      { input: SlotQuestion, output: FoundSlots, access: 'visit:read', summary: "Free slots in the clinic's calendar" },
      findSlotsForStaff,
    )
    plugin.procedure(
      'scheduling.open-time-view',
      { input: z.object({}), output: z.object({ view: View }), access: 'visit:read', summary: 'Open time of the coming days' },
      showOpenTime,
    )
    plugin.procedure(
      'scheduling.episode-view',
      {
        input: z.object({ episodeId: z.uuid() }),
        output: z.object({ view: View }),
        access: 'visit:read',
        summary: 'Visits of an episode against its plan',
      },
      showEpisodeVisits,
    )
    plugin.view({ id: 'open-time', slot: 'today.panel/v1', title: 'Open time', procedure: 'scheduling.open-time-view' })
    plugin.view({ id: 'visits', slot: 'episode.tab/v1', title: 'Booking', procedure: 'scheduling.episode-view' })
  },
})
