import { BODY_REGIONS, VISIT_KINDS, VISIT_STATES } from '@gonio/sdk'
import { z } from 'zod'

const Day = z.iso.date()
const Instant = z.iso.datetime({ offset: true })
const Side = z.enum(['left', 'right', 'bilateral', 'none'])
export type Side = z.infer<typeof Side>

export const NOTE_KINDS = ['evaluation', 'daily-note', 're-evaluation', 'discharge-summary'] as const
export type NoteKind = (typeof NOTE_KINDS)[number]

const VisitFact = z.object({
  id: z.uuid(),
  kind: z.enum(VISIT_KINDS).default('treatment'),
  state: z.enum(VISIT_STATES).default('completed'),
  startsAt: Instant,
  endsAt: Instant,
  services: z
    .array(z.object({ service: z.string().max(60), minutes: z.number().min(0).max(600), side: Side.optional() }))
    .max(40)
    .readonly()
    .default([]),
  performed: z
    .array(
      z.object({
        exercise: z.string().min(1).max(500),
        sets: z.int().optional(),
        reps: z.int().optional(),
        load: z.string().max(200).optional(),
        side: Side.optional(),
        response: z.string().max(2_000).optional(),
      }),
    )
    .max(60)
    .readonly()
    .default([]),
  remarks: z
    .array(z.object({ by: z.enum(['patient', 'clinician']), text: z.string().max(20_000) }))
    .max(60)
    .readonly()
    .default([]),
})
export type VisitFact = z.infer<typeof VisitFact>

const MeasurementFact = z.object({
  id: z.uuid(),
  visitId: z.uuid().nullable().default(null),
  code: z.string().max(60),
  value: z.number(),
  unit: z.string().max(30),
  side: Side.default('none'),
  takenAt: Instant,
  detail: z.record(z.string(), z.unknown()).nullable().default(null),
})
export type MeasurementFact = z.infer<typeof MeasurementFact>

/** Everything a note may say. What is not in here cannot be drafted. Chart rows may be passed as they are. */
export const NoteFacts = z.object({
  kind: z.enum(NOTE_KINDS),
  timeZone: z.string().max(60).default('America/New_York'),
  /** The visit the note is about; null for a discharge summary. */
  visit: VisitFact.nullable(),
  patient: z.object({ id: z.uuid(), birthDate: Day }).nullable().default(null),
  episode: z.object({
    id: z.uuid(),
    bodyRegion: z.enum(BODY_REGIONS),
    side: Side,
    diagnoses: z.array(z.string().max(12)).max(12).readonly().default([]),
    onsetDate: Day.nullable().default(null),
    referredBy: z.string().max(500).nullable().default(null),
    plan: z.object({ frequencyPerWeek: z.number(), durationWeeks: z.number(), certifiedTo: Day }).nullable().default(null),
    dischargedAt: Instant.nullable().default(null),
  }),
  /** The other visits of the episode, past and to come. */
  history: z.array(VisitFact).max(400).readonly().default([]),
  measurements: z.array(MeasurementFact).max(5_000).readonly().default([]),
  goals: z
    .array(
      z.object({
        id: z.uuid(),
        label: z.string().max(20),
        term: z.enum(['short', 'long']),
        measurementCode: z.string().max(60),
        target: z.number(),
        direction: z.enum(['up', 'down']),
        targetDate: Day,
        state: z.enum(['open', 'met', 'dropped']).default('open'),
      }),
    )
    .max(100)
    .readonly()
    .default([]),
})
export type NoteFacts = z.infer<typeof NoteFacts>
export type GoalFact = NoteFacts['goals'][number]

export const EvidenceFact = z.object({
  kind: z.enum(['patient', 'coverage', 'episode', 'visit', 'measurement', 'goal', 'document', 'own', 'rule', 'staff']),
  id: z.string().min(1).max(120),
  path: z.string().max(120).exactOptional(),
  label: z.string().max(300).exactOptional(),
})
export type EvidenceFact = z.infer<typeof EvidenceFact>

export const StatementFact = z.object({
  section: z.string().min(1).max(80),
  text: z.string().min(1, 'A sentence is empty: remove it or write it.').max(5_000),
  evidence: z.array(EvidenceFact).max(60),
  origin: z.string().min(1).max(120),
})
export type StatementFact = z.infer<typeof StatementFact>
