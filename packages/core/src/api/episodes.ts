import { z } from 'zod'

import {
  readClinic,
  readCoverage,
  readDocuments,
  readEpisode,
  readGoals,
  readMeasurements,
  readPatient,
  readVisits,
} from '../chart/index.ts'
import { rightsOf } from '../identity/index.ts'
import { readChart } from './act.ts'
import { proposalItems, proposalsOf, viewsIn } from './cards.ts'
import { Id } from './shapes.ts'
import { router, staff } from './trpc.ts'

export const episodes = router({
  get: staff('episode:read')
    .input(z.strictObject({ id: Id }))
    .query(async ({ ctx, input }) => {
      const tabs = await viewsIn(ctx.deps, ctx.viewer.organizationId, 'episode.tab/v1')
      const rights = new Set(rightsOf(ctx.viewer.roles))
      const { refs: _, ...found } = await readChart(ctx, 'episodes.get', async (tx) => {
        const episode = await readEpisode(tx, input.id)
        const clinic = await readClinic(tx)
        const names = new Map(clinic.staff.map((member) => [member.id, member.name]))
        // Minimum necessary: who may not read measurements, goals or documents gets none of them.
        return {
          refs: { patientId: episode.patientId, episodeId: episode.id },
          episode,
          patient: await readPatient(tx, episode.patientId),
          coverage: episode.coverageId === null || !rights.has('coverage:read') ? null : await readCoverage(tx, episode.coverageId),
          goals: rights.has('goal:read') ? await readGoals(tx, episode.id) : [],
          visits: (await readVisits(tx, { episodeId: episode.id })).map((visit) => ({
            ...visit,
            clinicianName: names.get(visit.clinicianId) ?? '',
          })),
          measurements: rights.has('measurement:read') ? await readMeasurements(tx, { episodeId: episode.id }) : [],
          documents: rights.has('document:read') ? await readDocuments(tx, episode.id) : [],
          proposals: await proposalItems(tx, ctx.deps, ctx.viewer, await proposalsOf(tx, { episodeId: episode.id })),
        }
      })
      return { ...found, tabs }
    }),
})
