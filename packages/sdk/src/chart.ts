import type { StaffRole, LicenseKind } from './rights.ts'

/** Every chart row. `version` counts up from 1 with each change and is what a run's reads are checked against. */
export interface ChartRow {
  readonly id: string
  readonly version: number
}

export type Side = 'left' | 'right' | 'bilateral' | 'none'
export const BODY_REGIONS = [
  'lumbar-spine',
  'thoracic-spine',
  'cervical-spine',
  'shoulder',
  'elbow',
  'wrist-hand',
  'hip',
  'knee',
  'ankle-foot',
  'balance',
  'other',
] as const
export type BodyRegion = (typeof BODY_REGIONS)[number]

export interface Patient extends ChartRow {
  readonly givenName: string
  readonly familyName: string
  /** ISO date, YYYY-MM-DD. */
  readonly birthDate: string
  readonly sex: 'female' | 'male' | 'other' | 'unknown'
  readonly phone: string | null
  readonly email: string | null
  /** Language of texts for the patient, BCP 47. */
  readonly language: 'en' | 'es'
  readonly mrn: string
}

export interface Coverage extends ChartRow {
  readonly patientId: string
  readonly payerId: string
  readonly payerName: string
  readonly memberId: string
  readonly groupNumber: string | null
  /** 1 = primary. */
  readonly rank: number
  readonly status: 'unverified' | 'active' | 'inactive' | 'unknown'
  /** Latest benefit snapshot, as the eligibility plugin proposed it. */
  readonly benefits: Readonly<Record<string, unknown>> | null
  readonly verifiedAt: string | null
}

export const EPISODE_STATES = ['referred', 'evaluated', 'active', 'on-hold', 'discharged'] as const
export type EpisodeState = (typeof EPISODE_STATES)[number]

/** A plan of care as approved by a PT (42 CFR 410.61: diagnosis, long-term goals, type, amount, frequency, duration). */
export interface PlanOfCare {
  readonly condition: string
  readonly diagnoses: readonly string[]
  readonly frequencyPerWeek: number
  readonly durationWeeks: number
  readonly minutesPerVisit: number
  readonly interventions: readonly { readonly key: string; readonly title: string; readonly why: string }[]
  readonly precautions: readonly string[]
  /** ISO date of approval and the last day of the certification period. */
  readonly certifiedFrom: string
  readonly certifiedTo: string
}

export interface Episode extends ChartRow {
  readonly patientId: string
  readonly state: EpisodeState
  readonly bodyRegion: BodyRegion
  readonly side: Side
  /** ICD-10-CM codes. */
  readonly diagnoses: readonly string[]
  readonly onsetDate: string | null
  readonly referredBy: string | null
  readonly referralDate: string | null
  readonly coverageId: string | null
  readonly plan: PlanOfCare | null
  readonly authorizationNumber: string | null
  readonly authorizedVisits: number | null
  readonly authorizedTo: string | null
  readonly dischargedAt: string | null
}

export const VISIT_STATES = ['booked', 'confirmed', 'arrived', 'in-treatment', 'completed', 'cancelled', 'no-show'] as const
export type VisitState = (typeof VISIT_STATES)[number]
export const VISIT_KINDS = ['evaluation', 'treatment', 're-evaluation', 'discharge'] as const
export type VisitKind = (typeof VISIT_KINDS)[number]

/** Minutes of one service; `service` is a neutral key such as `therapeutic-exercise` (never a licensed code). */
export interface ServiceMinutes {
  readonly service: string
  readonly minutes: number
  readonly side?: Side
}

/** One flowsheet row: what the patient did. `response` is a few words of the clinician. */
export interface PerformedExercise {
  readonly exercise: string
  readonly sets?: number
  readonly reps?: number
  readonly load?: string
  readonly side?: Side
  readonly response?: string
}

export interface Visit extends ChartRow {
  readonly patientId: string
  readonly episodeId: string
  readonly kind: VisitKind
  readonly state: VisitState
  readonly locationId: string
  readonly roomId: string
  readonly clinicianId: string
  /** ISO instants. */
  readonly startsAt: string
  readonly endsAt: string
  readonly services: readonly ServiceMinutes[]
  readonly performed: readonly PerformedExercise[]
  /** What the patient said and the clinician added, one entry each. */
  readonly remarks: readonly { readonly by: 'patient' | 'clinician'; readonly text: string }[]
  readonly completedAt: string | null
}

export interface Measurement extends ChartRow {
  readonly patientId: string
  readonly episodeId: string
  readonly visitId: string | null
  /** LOINC where one exists, else a key such as `psfs` or `rom.knee-flexion`. */
  readonly code: string
  readonly value: number
  /** UCUM, e.g. `deg`, `{score}`, `min`. */
  readonly unit: string
  readonly side: Side
  readonly takenAt: string
  /** `staff:<id>`, `patient` or `plugin:<id>`. */
  readonly source: string
  /** Free detail such as the activity a PSFS score is about or raw item answers. */
  readonly detail: Readonly<Record<string, unknown>> | null
}

/** A sentence of a document with what proves it. A statement without evidence cannot be signed. */
export interface Statement {
  readonly section: string
  readonly text: string
  readonly evidence: readonly Evidence[]
  /** `rule`, `model:<id>` or `staff:<id>`. */
  readonly origin: string
}

/** Points at one fact: a chart row, and the field or span in it. */
export interface Evidence {
  readonly kind: 'patient' | 'coverage' | 'episode' | 'visit' | 'measurement' | 'goal' | 'document' | 'own' | 'rule' | 'staff'
  readonly id: string
  readonly path?: string
  readonly label?: string
}

export type DocumentKind = 'evaluation' | 'daily-note' | 'progress-report' | 're-evaluation' | 'discharge-summary' | 'letter'

export interface ChartDocument extends ChartRow {
  readonly patientId: string
  readonly episodeId: string
  readonly visitId: string | null
  readonly kind: DocumentKind
  readonly title: string
  readonly state: 'signed' | 'amended'
  readonly revision: number
  readonly statements: readonly Statement[]
  readonly text: string
  readonly signedBy: string
  readonly signedAt: string
}

export interface Goal extends ChartRow {
  readonly patientId: string
  readonly episodeId: string
  /** Never reused in an episode, e.g. `LTG-1`. */
  readonly label: string
  readonly term: 'short' | 'long'
  readonly text: string
  readonly measurementCode: string
  readonly baseline: number | null
  readonly target: number
  readonly direction: 'up' | 'down'
  readonly targetDate: string
  readonly state: 'open' | 'met' | 'dropped'
}

export interface StaffMember {
  readonly id: string
  readonly name: string
  readonly roles: readonly StaffRole[]
  readonly licenses: readonly { readonly kind: LicenseKind; readonly state: string; readonly expires: string }[]
  /** Weekly hours in clinic time: day 1 = Monday … 7 = Sunday, minutes from midnight. */
  readonly hours: readonly { readonly day: number; readonly from: number; readonly to: number }[]
}

/** The clinic as a plugin sees it. Times of day are in `timeZone` (IANA). */
export interface Clinic {
  readonly organizationId: string
  readonly name: string
  readonly timeZone: string
  readonly locations: readonly { readonly id: string; readonly name: string; readonly state: string }[]
  readonly rooms: readonly { readonly id: string; readonly locationId: string; readonly name: string; readonly kind: string }[]
  readonly staff: readonly StaffMember[]
}
