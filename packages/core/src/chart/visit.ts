import { Refusal } from '@gonio/sdk'
import type { NewVisit, Visit, VisitState } from '@gonio/sdk'
import pg from 'pg'

import type { Tx } from '../db/index.ts'
import { assertOneRow, notFound } from './change.ts'
import type { ChangeContext, Changed, ChartChange } from './change.ts'
import { markEvaluated, readEpisode } from './episode.ts'

/** Which state may follow which. */
export const VISIT_MOVES: Readonly<Record<VisitState, readonly VisitState[]>> = {
  booked: ['confirmed', 'arrived', 'cancelled', 'no-show'],
  confirmed: ['arrived', 'cancelled', 'no-show'],
  arrived: ['in-treatment', 'cancelled'],
  'in-treatment': ['completed'],
  completed: [],
  cancelled: [],
  'no-show': [],
}

const COLUMNS = [
  'id',
  'version',
  'patientId',
  'episodeId',
  'kind',
  'state',
  'locationId',
  'roomId',
  'clinicianId',
  'startsAt',
  'endsAt',
  'services',
  'performed',
  'remarks',
  'completedAt',
] as const

export async function bookVisit(tx: Tx, context: ChangeContext, visit: NewVisit): Promise<Changed> {
  const episode = await readEpisode(tx, visit.episodeId)
  if (episode.patientId !== visit.patientId)
    throw new Refusal('invalid-input', 'This episode belongs to another patient. Book from the episode itself.')
  if (episode.state === 'discharged') throw new Refusal('wrong-state', 'This episode is discharged. Open a new episode to book a visit.')
  const { id, patientId, episodeId, kind, locationId, roomId, clinicianId, startsAt, endsAt } = visit
  await assertPlace(tx, { locationId, roomId, clinicianId })
  await guardSlot(() =>
    tx
      .insertInto('chart.visit')
      .values({
        id,
        patientId,
        episodeId,
        kind,
        locationId,
        roomId,
        clinicianId,
        startsAt,
        endsAt,
        organizationId: context.organizationId,
        state: 'booked',
        completedAt: null,
      })
      .execute(),
  )
  const refs = { patientId, episodeId, visitId: id }
  return { refs, events: [{ type: 'visit.booked', refs }] }
}

export async function moveVisit(
  tx: Tx,
  change: { id: string; version: number; startsAt: string; endsAt: string; roomId: string; clinicianId: string },
): Promise<Changed> {
  const before = await readVisit(tx, change.id)
  if (before.state !== 'booked' && before.state !== 'confirmed') throw wrongState(before, 'moved')
  await assertPlace(tx, { locationId: before.locationId, roomId: change.roomId, clinicianId: change.clinicianId })
  const result = await guardSlot(() =>
    tx
      .updateTable('chart.visit')
      .set({
        startsAt: change.startsAt,
        endsAt: change.endsAt,
        roomId: change.roomId,
        clinicianId: change.clinicianId,
        state: 'booked',
        version: change.version + 1,
      })
      .where('id', '=', change.id)
      .where('version', '=', change.version)
      .executeTakeFirst(),
  )
  assertOneRow(result.numUpdatedRows, 'visit')
  return changed(before, ['visit.moved'])
}

type VisitAct = Extract<ChartChange, { kind: 'visit.arrive' | 'visit.start' | 'visit.complete' | 'visit.cancel' | 'visit.capture' }>

const NEXT = {
  'visit.arrive': { state: 'arrived', event: 'visit.arrived' },
  'visit.start': { state: 'in-treatment', event: 'visit.started' },
  'visit.complete': { state: 'completed', event: 'visit.completed' },
  'visit.cancel': { state: 'cancelled', event: 'visit.cancelled' },
} as const

/** One step of a visit: arrives, is in treatment, is captured, is complete, or is cancelled. */
export async function stepVisit(tx: Tx, context: ChangeContext, act: VisitAct): Promise<Changed> {
  const before = await readVisit(tx, act.id)
  let set: { state?: VisitState; completedAt?: string; services?: string; performed?: string; remarks?: string }
  let events: string[]
  if (act.kind === 'visit.capture') {
    if (before.state !== 'in-treatment') throw wrongState(before, 'charted')
    set = { services: JSON.stringify(act.services), performed: JSON.stringify(act.performed), remarks: JSON.stringify(act.remarks) }
    events = []
  } else {
    const next = NEXT[act.kind]
    if (!VISIT_MOVES[before.state].includes(next.state)) throw wrongState(before, next.state)
    set = { state: next.state, ...(next.state === 'completed' ? { completedAt: context.now } : {}) }
    events = [next.event]
  }
  const result = await tx
    .updateTable('chart.visit')
    .set({ ...set, version: act.version + 1 })
    .where('id', '=', act.id)
    .where('version', '=', act.version)
    .executeTakeFirst()
  assertOneRow(result.numUpdatedRows, 'visit')
  if (act.kind === 'visit.complete' && before.kind === 'evaluation') {
    await markEvaluated(tx, before.episodeId)
    events.push('evaluation.completed')
  }
  return changed(before, events)
}

export async function readVisit(tx: Tx, id: string): Promise<Visit> {
  const [row] = await readVisitsById(tx, [id])
  if (row === undefined) throw notFound('visit')
  return row
}

/** Those of the ids that exist here, in any order. */
export function readVisitsById(tx: Tx, ids: readonly string[]): Promise<readonly Visit[]> {
  return tx.selectFrom('chart.visit').select(COLUMNS).where('id', 'in', ids).execute()
}

/** Visits of an episode, or of the clinic between two instants; at most 2,000, oldest first. */
export async function readVisits(tx: Tx, of: { episodeId: string } | { from: string; to: string }): Promise<readonly Visit[]> {
  const find = tx.selectFrom('chart.visit').select(COLUMNS).orderBy('startsAt').orderBy('id').limit(2_000)
  return 'episodeId' in of
    ? find.where('episodeId', '=', of.episodeId).execute()
    : find.where('startsAt', '<', of.to).where('startsAt', '>=', of.from).execute()
}

/** Looked up under row-level security, before the slot is tried: another clinic's room or clinician is not there, busy or not. */
async function assertPlace(tx: Tx, place: { locationId: string; roomId: string; clinicianId: string }): Promise<void> {
  const room = await tx
    .selectFrom('kernel.room')
    .innerJoin('kernel.staff', (join) => join.onTrue())
    .select('kernel.room.id')
    .where('kernel.room.id', '=', place.roomId)
    .where('kernel.room.locationId', '=', place.locationId)
    .where('kernel.staff.id', '=', place.clinicianId)
    .where('kernel.staff.active', '=', true)
    .executeTakeFirst()
  if (room === undefined) throw new Refusal('not-found', 'There is no such room or clinician at this location. Reload and choose again.')
}

function changed(visit: Visit, events: readonly string[]): Changed {
  const refs = { patientId: visit.patientId, episodeId: visit.episodeId, visitId: visit.id }
  return { refs, events: events.map((type) => ({ type, refs })) }
}

function wrongState(visit: Visit, wish: string): Refusal {
  return new Refusal('wrong-state', `This visit is ${visit.state}; it cannot be ${wish}. Reload the page to see what happened.`)
}

/** The exclusion constraints of chart.visit are the last word on double booking (SQLSTATE 23P01). */
async function guardSlot<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '23P01') {
      const who =
        error.constraint === 'visit_room_free' ? 'The room' : error.constraint === 'visit_patient_free' ? 'The patient' : 'The clinician'
      throw new Refusal('slot-taken', `${who} already has a visit at that time. Pick another slot.`, {
        constraint: error.constraint ?? null,
      })
    }
    throw error
  }
}
