import { z } from 'zod'

import { readCoverages, readEpisodes, readPatient, searchPatients } from '../chart/index.ts'
import type { Change } from '../work/index.ts'
import { act, read, readChart } from './act.ts'
import { viewsIn } from './cards.ts'
import { BodyRegion, Cursor, Day, Id, ShortText, Side } from './shapes.ts'
import { router, staff } from './trpc.ts'

const PAGE = 30

const NewPatientShape = z.strictObject({
  givenName: ShortText.max(100),
  familyName: ShortText.max(100),
  birthDate: Day,
  sex: z.enum(['female', 'male', 'other', 'unknown']).default('unknown'),
  phone: z.string().max(40).nullable().default(null),
  email: z.email().max(200).nullable().default(null),
  language: z.enum(['en', 'es']).default('en'),
  bodyRegion: BodyRegion,
  side: Side.default('none'),
  referredBy: ShortText.optional(),
  payerName: ShortText.optional(),
  payerId: ShortText.max(80).optional(),
  memberId: ShortText.max(80).optional(),
})

export const patients = router({
  search: staff('patient:read')
    .input(z.strictObject({ query: z.string().max(100), cursor: Cursor }))
    .query(({ ctx, input }) =>
      read(ctx, async (tx) => {
        const found = await searchPatients(tx, { query: input.query, after: input.cursor, limit: PAGE + 1 })
        const page = found.slice(0, PAGE)
        const episodes = await readEpisodes(
          tx,
          page.map((patient) => patient.id),
        )
        const items = page.map((patient) => ({
          ...patient,
          episodeStates: episodes.filter((episode) => episode.patientId === patient.id).map((episode) => episode.state),
        }))
        return { items, next: found.length > PAGE ? (page.at(-1)?.id ?? null) : null }
      }),
    ),

  get: staff('patient:read')
    .input(z.strictObject({ id: Id }))
    .query(async ({ ctx, input }) => {
      const cards = await viewsIn(ctx.deps, ctx.viewer.organizationId, 'patient.card/v1')
      const { refs: _, ...found } = await readChart(ctx, 'patients.get', async (tx) => ({
        refs: { patientId: input.id },
        patient: await readPatient(tx, input.id),
        coverages: await readCoverages(tx, input.id),
        episodes: await readEpisodes(tx, [input.id]),
      }))
      return { ...found, cards }
    }),

  register: staff('patient:write')
    .input(NewPatientShape)
    .mutation(async ({ ctx, input }) => {
      const { clock } = ctx.deps
      const [patientId, coverageId, episodeId] = [clock.newId(), clock.newId(), clock.newId()]
      const { givenName, familyName, birthDate, sex, phone, email, language, bodyRegion, side, referredBy } = input
      const insured = input.payerName !== undefined && input.memberId !== undefined
      const changes: Change[] = [
        { kind: 'patient.register', patient: { id: patientId, givenName, familyName, birthDate, sex, phone, email, language } },
      ]
      if (input.payerName !== undefined && input.memberId !== undefined) {
        const payerId = input.payerId ?? input.payerName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
        changes.push({
          kind: 'coverage.add',
          coverage: {
            id: coverageId,
            patientId,
            payerId,
            payerName: input.payerName,
            memberId: input.memberId,
            groupNumber: null,
            rank: 1,
          },
        })
      }
      changes.push({
        kind: 'episode.open',
        episode: {
          id: episodeId,
          patientId,
          bodyRegion,
          side,
          diagnoses: [],
          onsetDate: null,
          referredBy: referredBy ?? null,
          referralDate: referredBy === undefined ? null : clock.now().toISOString().slice(0, 10),
          coverageId: insured ? coverageId : null,
        },
      })
      if (referredBy !== undefined) changes.push({ kind: 'referral.receive', patientId, episodeId })
      await act(ctx, 'patient.register', { patientId, episodeId }, changes)
      return { patientId, episodeId }
    }),

  timeline: staff('patient:read')
    .input(z.strictObject({ patientId: Id }))
    .query(async ({ ctx, input }) => {
      const { rows } = await readChart(ctx, 'patients.timeline', async (tx) => ({
        refs: { patientId: (await readPatient(tx, input.patientId)).id },
        rows: await tx
          .selectFrom('kernel.event')
          .select(['id', 'occurredAt', 'type', 'refs', 'emittedBy', 'correlationId', 'causationId'])
          .where('patientId', '=', input.patientId)
          .orderBy('occurredAt', 'desc')
          .orderBy('id', 'desc')
          .limit(300)
          .execute(),
      }))
      return {
        entries: rows.map(({ occurredAt, emittedBy, ...row }) => ({ ...row, at: occurredAt, title: titleOf(row.type), by: emittedBy })),
      }
    }),
})

/** `visit.no-show` → "Visit no show". */
export function titleOf(type: string): string {
  const words = type.replaceAll(/[.-]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
