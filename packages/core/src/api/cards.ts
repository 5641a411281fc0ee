import type { Refs, Visit } from '@gonio/sdk'

import { assertMayDecide, PROPOSAL_COLUMNS } from '../approvals/index.ts'
import type { Proposal } from '../approvals/index.ts'
import { nameOf, readClinic } from '../chart/index.ts'
import type { Tx } from '../db/index.ts'
import type { Viewer } from '../identity/index.ts'
import type { ApiDeps } from './trpc.ts'

/** A plugin's view as the console asks for it. */
export interface ViewRef {
  readonly plugin: string
  readonly viewId: string
  readonly title: string
  readonly slot: string
}

/** Views that enabled plugins contribute to a slot. */
export async function viewsIn(deps: ApiDeps, organizationId: string, slot: string): Promise<readonly ViewRef[]> {
  const installed = [...(await deps.registry.installed(organizationId)).values()]
  return installed
    .filter((one) => one.enabled && one.granted.has('ui:contribute'))
    .flatMap((one) =>
      one.plugin.views
        .filter((view) => view.slot === slot)
        .map((view) => ({ plugin: one.plugin.id, viewId: view.id, title: view.title, slot: view.slot })),
    )
}

export interface ProposalItem {
  readonly id: string
  readonly action: string
  readonly actionTitle: string
  readonly title: string
  readonly risk: 'administrative' | 'clinical' | 'outward'
  readonly state: Proposal['state']
  readonly proposedBy: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly refs: Refs
  readonly patientName: string | null
  readonly mayDecide: boolean
  readonly whyNot: string | null
  readonly confidence: number | null
}

/** Proposals as list items, with whether this person may decide each and, if not, why. */
export async function proposalItems(
  tx: Tx,
  deps: ApiDeps,
  viewer: Viewer,
  proposals: readonly Proposal[],
): Promise<readonly ProposalItem[]> {
  const names = await patientNames(
    tx,
    proposals.flatMap((proposal) => (proposal.refs.patientId === undefined ? [] : [proposal.refs.patientId])),
  )
  const today = deps.clock.now().toISOString().slice(0, 10)
  return proposals.map((proposal) => {
    const found = deps.registry.action(proposal.action)
    const whyNot =
      found === null
        ? 'The plugin that offers this action is not installed.'
        : refusalText(() => assertMayDecide(viewer, found.action, proposal, today))
    return {
      id: proposal.id,
      action: proposal.action,
      title: proposal.title,
      state: proposal.state,
      createdAt: proposal.createdAt,
      expiresAt: proposal.expiresAt,
      refs: proposal.refs,
      confidence: proposal.confidence,
      proposedBy: proposal.plugin,
      actionTitle: found?.action.title ?? proposal.action,
      risk: found?.action.risk ?? 'administrative',
      patientName: names.get(proposal.refs.patientId ?? '') ?? null,
      mayDecide: whyNot === null,
      whyNot,
    }
  })
}

export function proposalsOf(tx: Tx, where: { episodeId: string; visitId?: string }): Promise<readonly Proposal[]> {
  let find = tx
    .selectFrom('kernel.proposal')
    .select(PROPOSAL_COLUMNS)
    .where('state', 'in', ['pending', 'stale'])
    .where('episodeId', '=', where.episodeId)
    .orderBy('createdAt', 'desc')
    .limit(50)
  const { visitId } = where
  if (visitId !== undefined) find = find.where('visitId', '=', visitId)
  return find.execute()
}

export interface VisitCard {
  readonly visit: Visit
  readonly patientName: string
  readonly clinicianName: string
  readonly roomName: string
  readonly locationName: string
}

export async function visitCards(tx: Tx, visits: readonly Visit[]): Promise<readonly VisitCard[]> {
  const names = await patientNames(
    tx,
    visits.map((visit) => visit.patientId),
  )
  const clinic = await readClinic(tx)
  const nameIn = (rows: readonly { id: string; name: string }[], id: string): string =>
    rows.find((row) => row.id === id)?.name ?? '(no longer here)'
  return visits.map((visit) => ({
    visit,
    patientName: names.get(visit.patientId) ?? '',
    clinicianName: nameIn(clinic.staff, visit.clinicianId),
    roomName: nameIn(clinic.rooms, visit.roomId),
    locationName: nameIn(clinic.locations, visit.locationId),
  }))
}

async function patientNames(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('chart.patient')
    .select(['id', 'givenName', 'familyName'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, nameOf(row)]))
}

function refusalText(check: () => void): string | null {
  try {
    check()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : 'not allowed'
  }
}
