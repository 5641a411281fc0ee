import { Refusal } from '@gonio/sdk'
import type { ChartEffect, NewMeasurement, PerformedExercise, Refs, ServiceMinutes, Visit } from '@gonio/sdk'

/** Who changes the chart, and when. */
export interface ChangeContext {
  readonly organizationId: string
  readonly now: string
  readonly actor: { readonly kind: 'staff' | 'patient' | 'plugin' | 'system'; readonly id: string | null }
  newId(): string
}

/** What a change leaves for the audit log and for those who listen: names and ids only. */
export interface Changed {
  readonly events: readonly { readonly type: string; readonly refs: Refs }[]
  readonly refs: Refs
}

/** Everything that can happen to a chart: the effects of the SDK, and the acts that only a person at the console does. */
export type ChartChange =
  | ChartEffect
  | { readonly kind: 'measurement.record'; readonly measurement: NewMeasurement }
  | { readonly kind: 'visit.arrive' | 'visit.start' | 'visit.complete'; readonly id: string; readonly version: number }
  | {
      readonly kind: 'visit.capture'
      readonly id: string
      readonly version: number
      readonly services: readonly ServiceMinutes[]
      readonly performed: readonly PerformedExercise[]
      readonly remarks: Visit['remarks']
    }
  | { readonly kind: 'referral.receive'; readonly patientId: string; readonly episodeId: string }

/** The row was changed by someone else since it was read. */
export function assertOneRow(changed: bigint | number | undefined, noun: string): void {
  if (Number(changed ?? 0) !== 1) {
    throw new Refusal('stale', `This ${noun} has changed since you opened it, or does not exist. Reload it and try again.`)
  }
}

export function notFound(noun: string): Refusal {
  return new Refusal('not-found', `There is no such ${noun} in this clinic.`)
}

export function sourceOf(actor: ChangeContext['actor']): string {
  return actor.kind === 'patient' || actor.id === null ? actor.kind : `${actor.kind}:${actor.id}`
}
