import { VISIT_KINDS, VISIT_STATES } from '@gonio/sdk'
import { z } from 'zod'

const Day = z.iso.date()
const Instant = z.iso.datetime({ offset: true })
const Minute = z.int().min(0).max(1_440)

/** The clinic, as far as times depend on it. Chart rows may be passed as they are. */
export const ClinicFacts = z.object({
  timeZone: z.string().max(60),
  locations: z
    .array(z.object({ id: z.uuid(), name: z.string(), state: z.string().max(10) }))
    .max(100)
    .readonly(),
  rooms: z
    .array(z.object({ id: z.uuid(), locationId: z.uuid(), name: z.string(), kind: z.string().max(60) }))
    .max(300)
    .readonly(),
  staff: z
    .array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        roles: z.array(z.string()).max(10).readonly(),
        licenses: z
          .array(z.object({ kind: z.enum(['PT', 'PTA']), state: z.string().max(10), expires: Day }))
          .max(20)
          .readonly(),
        hours: z
          .array(z.object({ day: z.int().min(1).max(7), from: Minute, to: Minute }))
          .max(40)
          .readonly(),
      }),
    )
    .max(300)
    .readonly(),
})
export type ClinicFacts = z.infer<typeof ClinicFacts>

/** What takes a clinician, a room and a patient. */
export const VisitFacts = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  episodeId: z.uuid(),
  kind: z.enum(VISIT_KINDS),
  state: z.enum(VISIT_STATES).default('booked'),
  locationId: z.uuid(),
  roomId: z.uuid(),
  clinicianId: z.uuid(),
  startsAt: Instant,
  endsAt: Instant,
})
export type VisitFacts = z.infer<typeof VisitFacts>

/** What somebody looks for. Dates are days at the clinic, both included. */
export const Wish = z.object({
  patientId: z.uuid().nullable().default(null),
  kind: z.enum(VISIT_KINDS).default('treatment'),
  minutes: z.int().min(10).max(240).default(45),
  from: Day,
  to: Day,
  /** No slot starts before this instant. */
  notBefore: Instant.nullable().default(null),
  clinicianId: z.uuid().nullable().default(null),
  locationId: z.uuid().nullable().default(null),
  /** Last day that is authorized. */
  authorizedTo: Day.nullable().default(null),
  preferred: z
    .object({ clinicianId: z.uuid().nullable().default(null), minuteOfDay: Minute.nullable().default(null) })
    .default({ clinicianId: null, minuteOfDay: null }),
  limit: z.int().min(1).max(500).default(50),
})
export type Wish = z.infer<typeof Wish>

export const Slot = z.object({
  clinicianId: z.uuid(),
  roomId: z.uuid(),
  locationId: z.uuid(),
  date: Day,
  startsAt: Instant,
  endsAt: Instant,
  /** Lower is better; 0 = everything as wished. */
  cost: z.number(),
  reasons: z.array(z.string()),
})
export type Slot = z.infer<typeof Slot>

/** Why times were not offered: one row a rule, with how many candidates it took out and one example. */
export const Rejection = z.object({ rule: z.string(), count: z.int(), example: z.string() })
export type Rejection = z.infer<typeof Rejection>

export const FoundSlots = z.object({ slots: z.array(Slot), total: z.int(), rejected: z.array(Rejection) })
export type FoundSlots = z.infer<typeof FoundSlots>
