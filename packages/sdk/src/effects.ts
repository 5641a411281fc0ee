import type {
  BodyRegion,
  Coverage,
  DocumentKind,
  Evidence,
  Goal,
  Measurement,
  Patient,
  PlanOfCare,
  Side,
  Statement,
  VisitKind,
} from './chart.ts'
import type { Refs } from './events.ts'

/** A proposal as a handler makes it; the kernel adds who, when, the facts it was based on, and what must hold to approve it. */
export interface ProposalDraft {
  readonly id: string
  /** Name of a registered action, e.g. `patient.register`. */
  readonly action: string
  readonly title: string
  readonly payload: unknown
  readonly refs: Refs
  readonly evidence: readonly Evidence[]
  /** 0 to 1; absent for a rule that does not estimate. */
  readonly confidence?: number
  /** Chart rows the proposal stands on, as `<noun>:<id>`. Default: every chart row the run read. */
  readonly basedOn?: readonly string[]
  /** A second proposal with the same key while one is pending replaces it. */
  readonly key?: string
}

export interface NewPatient extends Omit<Patient, 'version' | 'mrn'> {
  readonly mrn?: string
}
export interface NewCoverage extends Omit<Coverage, 'version' | 'status' | 'benefits' | 'verifiedAt'> {}
export interface NewEpisode {
  readonly id: string
  readonly patientId: string
  readonly bodyRegion: BodyRegion
  readonly side: Side
  readonly diagnoses: readonly string[]
  readonly onsetDate: string | null
  readonly referredBy: string | null
  readonly referralDate: string | null
  readonly coverageId: string | null
}
export interface NewVisit {
  readonly id: string
  readonly patientId: string
  readonly episodeId: string
  readonly kind: VisitKind
  readonly locationId: string
  readonly roomId: string
  readonly clinicianId: string
  readonly startsAt: string
  readonly endsAt: string
}
export interface NewMeasurement extends Omit<Measurement, 'version' | 'source'> {}
export interface NewGoal extends Omit<Goal, 'version' | 'state'> {}
export interface NewDocument {
  readonly id: string
  readonly patientId: string
  readonly episodeId: string
  readonly visitId: string | null
  readonly kind: DocumentKind
  readonly title: string
  readonly statements: readonly Statement[]
}

/**
 * What a handler wants to happen. Effects are data: the kernel checks each against the grants and commits all of a run in one
 * transaction with its audit entries and the completion of its job. The first group any handler may ask for; the chart group only the
 * `apply` of an approved action.
 */
export type Effect =
  | { readonly kind: 'own.write'; readonly query: unknown }
  | { readonly kind: 'proposal.create'; readonly proposal: ProposalDraft }
  | { readonly kind: 'proposal.withdraw'; readonly key: string; readonly reason: string }
  | { readonly kind: 'job.enqueue'; readonly job: string; readonly input: JobInput; readonly afterSeconds?: number; readonly key?: string }
  | { readonly kind: 'event.emit'; readonly type: string; readonly refs: Refs }
  | { readonly kind: 'measurement.record'; readonly measurement: NewMeasurement }
  | {
      readonly kind: 'link.create'
      readonly id: string
      readonly procedures: readonly string[]
      readonly subject: Refs
      readonly expiresInHours: number
      readonly language?: 'en' | 'es'
      readonly title?: string
    }
  | { readonly kind: 'link.close'; readonly id: string }
  | {
      readonly kind: 'delivery.send'
      readonly id: string
      readonly target: string
      readonly key: string
      readonly body: unknown
      readonly refs: Refs
    }
  | ChartEffect

/** Effects on the chart: only inside an approved action that declared them. */
export type ChartEffect =
  | { readonly kind: 'patient.register'; readonly patient: NewPatient }
  | { readonly kind: 'coverage.add'; readonly coverage: NewCoverage }
  | {
      readonly kind: 'coverage.update'
      readonly id: string
      readonly version: number
      readonly status: Coverage['status']
      readonly benefits: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'episode.open'; readonly episode: NewEpisode }
  | {
      readonly kind: 'episode.plan'
      readonly id: string
      readonly version: number
      readonly plan: PlanOfCare
      readonly diagnoses: readonly string[]
    }
  | { readonly kind: 'episode.discharge'; readonly id: string; readonly version: number; readonly reason: string }
  | { readonly kind: 'goal.set'; readonly goal: NewGoal }
  | { readonly kind: 'goal.settle'; readonly id: string; readonly version: number; readonly state: 'met' | 'dropped' }
  | { readonly kind: 'visit.book'; readonly visit: NewVisit }
  | {
      readonly kind: 'visit.move'
      readonly id: string
      readonly version: number
      readonly startsAt: string
      readonly endsAt: string
      readonly roomId: string
      readonly clinicianId: string
    }
  | { readonly kind: 'visit.cancel'; readonly id: string; readonly version: number; readonly reason: string }
  | { readonly kind: 'document.sign'; readonly document: NewDocument }
  | {
      readonly kind: 'document.amend'
      readonly id: string
      readonly version: number
      readonly statements: readonly Statement[]
      readonly reason: string
    }

/** Job payloads hold ids, counts and short codes only: they are visible to operators. */
export type JobInput = Readonly<Record<string, string | number | boolean | null>>

export type EffectKind = Effect['kind']
export type ChartEffectKind = ChartEffect['kind']
