import { BODY_REGIONS, VISIT_KINDS } from '@gonio/sdk'
import { z } from 'zod'

/** Input shapes that several procedures share. Strict: an unknown field is refused, not ignored. */
/** Lower case, as PostgreSQL writes it: the audit log refuses any other spelling. */
export const Id = z.uuid().toLowerCase()
export const Version = z.int().min(1).max(1_000_000)
export const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString())
export const Day = z.iso.date()
export const Side = z.enum(['left', 'right', 'bilateral', 'none'])
export const BodyRegion = z.enum(BODY_REGIONS)
export const VisitKind = z.enum(VISIT_KINDS)
export const ShortText = z.string().trim().min(1).max(200)
export const LongText = z.string().trim().max(4_000)
export const Cursor = z.string().max(100).optional()

export const RefsShape = z.strictObject({
  patientId: Id.optional(),
  coverageId: Id.optional(),
  episodeId: Id.optional(),
  visitId: Id.optional(),
  measurementId: Id.optional(),
  documentId: Id.optional(),
  goalId: Id.optional(),
  proposalId: Id.optional(),
  deliveryId: Id.optional(),
  linkId: Id.optional(),
  ownId: Id.optional(),
})

export const ServiceMinutesShape = z.strictObject({
  service: z.string().regex(/^[a-z][a-z-]{1,60}$/),
  minutes: z.int().min(1).max(240),
  side: Side.optional(),
})
export const PerformedShape = z.strictObject({
  exercise: ShortText,
  sets: z.int().min(1).max(50).optional(),
  reps: z.int().min(1).max(500).optional(),
  load: z.string().max(60).optional(),
  side: Side.optional(),
  response: z.string().max(500).optional(),
})
export const RemarkShape = z.strictObject({ by: z.enum(['patient', 'clinician']), text: LongText.min(1) })
const EvidenceShape = z.strictObject({
  kind: z.enum(['patient', 'coverage', 'episode', 'visit', 'measurement', 'goal', 'document', 'own', 'rule', 'staff']),
  id: z.string().min(1).max(100),
  path: z.string().max(200).optional(),
  label: z.string().max(300).optional(),
})
export const StatementShape = z.strictObject({
  section: ShortText,
  text: z.string().trim().min(1).max(4_000),
  evidence: z.array(EvidenceShape).min(1).max(50),
  origin: z.string().min(1).max(100),
})

/** `exactOptionalPropertyTypes`: drops the keys whose value is undefined, so that optional inputs fit optional fields. */
export function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> }
export function present(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}
