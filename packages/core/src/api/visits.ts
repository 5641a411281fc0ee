import { z } from 'zod'

import { readClinic, readDocuments, readEpisode, readMeasurements, readPatient, readVisit, readVisits } from '../chart/index.ts'
import type { ChartChange } from '../chart/index.ts'
import { rightsOf } from '../identity/index.ts'
import type { Viewer } from '../identity/index.ts'
import { act, read, readChart } from './act.ts'
import { proposalItems, proposalsOf, viewsIn, visitCards } from './cards.ts'
import {
  Day,
  Id,
  Instant,
  LongText,
  PerformedShape,
  present,
  RemarkShape,
  ServiceMinutesShape,
  ShortText,
  Side,
  Version,
  VisitKind,
} from './shapes.ts'
import { router, staff } from './trpc.ts'
import type { ApiDeps } from './trpc.ts'

const Which = z.strictObject({ id: Id, version: Version })
const DAY_MS = 86_400_000

export const visits = router({
  week: staff('visit:read')
    .input(z.strictObject({ from: Day }))
    .query(({ ctx, input }) =>
      read(ctx, async (tx) => {
        const clinic = await readClinic(tx)
        const from = Temporal.PlainDate.from(input.from).toZonedDateTime(clinic.timeZone)
        const found = await readVisits(tx, { from: from.toInstant().toString(), to: from.add({ days: 7 }).toInstant().toString() })
        return {
          from: input.from,
          timeZone: clinic.timeZone,
          visits: await visitCards(tx, found),
          locations: clinic.locations.map(({ id, name }) => ({ id, name })),
          staff: clinic.staff
            .filter((member) => member.licenses.length > 0)
            .map(({ id, name, roles, hours }) => ({ id, name, roles, hours })),
          rooms: clinic.rooms,
        }
      }),
    ),

  get: staff('visit:read')
    .input(z.strictObject({ id: Id }))
    .query(async ({ ctx, input }) => {
      const panels = await viewsIn(ctx.deps, ctx.viewer.organizationId, 'visit.panel/v1')
      const rights = new Set(rightsOf(ctx.viewer.roles))
      const { refs: _, ...found } = await readChart(ctx, 'visits.get', async (tx) => {
        const visit = await readVisit(tx, input.id)
        const clinic = await readClinic(tx)
        const before = (await readVisits(tx, { episodeId: visit.episodeId })).filter(
          (other) => other.state === 'completed' && other.startsAt < visit.startsAt,
        )
        const documents = rights.has('document:read') ? await readDocuments(tx, visit.episodeId) : []
        return {
          refs: { patientId: visit.patientId, episodeId: visit.episodeId, visitId: visit.id },
          visit,
          previous: before.at(-1) ?? null,
          patient: await readPatient(tx, visit.patientId),
          episode: await readEpisode(tx, visit.episodeId),
          clinicianName: clinic.staff.find((member) => member.id === visit.clinicianId)?.name ?? '',
          measurements: rights.has('measurement:read') ? await readMeasurements(tx, { episodeId: visit.episodeId, visitId: visit.id }) : [],
          document: documents.find((document) => document.visitId === visit.id) ?? null,
          proposals: await proposalItems(
            tx,
            ctx.deps,
            ctx.viewer,
            await proposalsOf(tx, { episodeId: visit.episodeId, visitId: visit.id }),
          ),
        }
      })
      return { ...found, panels }
    }),

  book: staff('visit:write')
    .input(
      z.strictObject({
        patientId: Id,
        episodeId: Id,
        kind: VisitKind,
        locationId: Id,
        roomId: Id,
        clinicianId: Id,
        startsAt: Instant,
        endsAt: Instant,
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const id = ctx.deps.clock.newId()
      await act(ctx, 'visit.book', { patientId: input.patientId, episodeId: input.episodeId, visitId: id }, [
        { kind: 'visit.book', visit: { id, ...input } },
      ])
      return { id }
    }),

  move: staff('visit:write')
    .input(Which.extend({ startsAt: Instant, endsAt: Instant, roomId: Id, clinicianId: Id }))
    .mutation(({ ctx, input }) => step(ctx, { kind: 'visit.move', ...input })),
  cancel: staff('visit:write')
    .input(Which.extend({ reason: ShortText }))
    .mutation(({ ctx, input }) => step(ctx, { kind: 'visit.cancel', ...input })),
  arrive: staff('visit:write')
    .input(Which)
    .mutation(({ ctx, input }) => step(ctx, { kind: 'visit.arrive', ...input })),
  start: staff('measurement:write')
    .input(Which)
    .mutation(({ ctx, input }) => step(ctx, { kind: 'visit.start', ...input })),
  complete: staff('measurement:write')
    .input(Which)
    .mutation(({ ctx, input }) => step(ctx, { kind: 'visit.complete', ...input })),
  capture: staff('measurement:write')
    .input(
      Which.extend({
        services: z.array(ServiceMinutesShape).max(20),
        performed: z.array(PerformedShape).max(60),
        remarks: z.array(RemarkShape).max(40),
      }),
    )
    .mutation(({ ctx, input }) =>
      step(ctx, {
        kind: 'visit.capture',
        id: input.id,
        version: input.version,
        remarks: input.remarks,
        services: input.services.map(present),
        performed: input.performed.map(present),
      }),
    ),
})

export const measurements = router({
  record: staff('measurement:write')
    .input(
      z.strictObject({
        visitId: Id,
        code: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/),
        value: z.number().min(-100_000).max(100_000),
        unit: z.string().max(40),
        side: Side.default('none'),
        detail: z.record(z.string().max(60), z.json()).nullable().default(null),
        note: LongText.optional(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const id = ctx.deps.clock.newId()
      const visit = await read(ctx, (tx) => readVisit(tx, input.visitId))
      const { code, value, unit, side, detail } = input
      const { patientId, episodeId } = visit
      const takenAt = ctx.deps.clock.now().toISOString()
      await act(ctx, 'measurement.record', { patientId, episodeId, visitId: visit.id }, [
        {
          kind: 'measurement.record',
          measurement: { id, patientId, episodeId, visitId: visit.id, code, value, unit, side, takenAt, detail },
        },
      ])
      return { id }
    }),
})

export const today = router({
  get: staff('visit:read')
    .input(z.strictObject({ date: Day.optional() }))
    .query(async ({ ctx, input }) => {
      const panels = await viewsIn(ctx.deps, ctx.viewer.organizationId, 'today.panel/v1')
      return read(ctx, async (tx) => {
        const clinic = await readClinic(tx)
        const date =
          input.date ??
          Temporal.Instant.fromEpochMilliseconds(ctx.deps.clock.now().getTime())
            .toZonedDateTimeISO(clinic.timeZone)
            .toPlainDate()
            .toString()
        const from = Temporal.PlainDate.from(date).toZonedDateTime(clinic.timeZone)
        const found = await readVisits(tx, { from: from.toInstant().toString(), to: from.add({ days: 1 }).toInstant().toString() })
        const count = await tx
          .selectFrom('kernel.proposal')
          .select((row) => row.fn.countAll<number>().as('pending'))
          .where('state', '=', 'pending')
          .executeTakeFirstOrThrow()
        const links = await tx
          .selectFrom('kernel.link')
          .select((row) => row.fn.countAll<number>().as('open'))
          .where('closedAt', 'is', null)
          .where('expiresAt', '>', ctx.deps.clock.now().toISOString())
          .executeTakeFirstOrThrow()
        const failed = await tx
          .selectFrom('audit.entry')
          .select((row) => row.fn.countAll<number>().as('count'))
          .where('action', '=', 'run.failed')
          .where('occurredAt', '>', new Date(ctx.deps.clock.now().getTime() - DAY_MS).toISOString())
          .executeTakeFirstOrThrow()
        return {
          date,
          visits: await visitCards(tx, found),
          pendingProposals: count.pending,
          openLinks: links.open,
          failedJobs: failed.count,
          panels,
        }
      })
    }),
})

async function step(
  ctx: { deps: ApiDeps; viewer: Viewer },
  change: ChartChange & { id: string; version: number },
): Promise<{ version: number }> {
  const visit = await read(ctx, (tx) => readVisit(tx, change.id))
  await act(ctx, change.kind, { patientId: visit.patientId, episodeId: visit.episodeId, visitId: visit.id }, [change])
  return { version: change.version + 1 }
}
