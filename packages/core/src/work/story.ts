import type { Refs } from '@gonio/sdk'

import type { Clock } from '../clock.ts'
import type { Tx } from '../db/index.ts'
import type { Viewer } from '../identity/index.ts'
import type { Cause } from './unit.ts'

/**
 * The cause of what a person does at the console: it continues the story of the visit or episode it is about, caused by the last thing that
 * happened there, or begins a story of its own.
 */
export async function causeOf(tx: Tx, clock: Clock, viewer: Viewer, refs: Refs): Promise<Cause> {
  const last = refs.episodeId === undefined ? undefined : await lastEvent(tx, { episodeId: refs.episodeId, visitId: refs.visitId })
  return {
    organizationId: viewer.organizationId,
    actor: { kind: 'staff', id: viewer.staffId },
    behindStaff: viewer.staffId,
    depth: 0,
    correlationId: last?.correlationId ?? clock.newId(),
    causationId: last?.id ?? null,
  }
}

async function lastEvent(
  tx: Tx,
  of: { episodeId: string; visitId: string | undefined },
): Promise<{ id: string; correlationId: string } | undefined> {
  const find = tx
    .selectFrom('kernel.event')
    .select(['id', 'correlationId'])
    .where('episodeId', '=', of.episodeId)
    .orderBy('occurredAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
  if (of.visitId !== undefined) {
    const { visitId } = of
    const ofVisit = await find.where('visitId', '=', visitId).executeTakeFirst()
    if (ofVisit !== undefined) return ofVisit
  }
  return find.executeTakeFirst()
}
