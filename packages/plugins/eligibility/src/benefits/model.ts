import { z } from 'zod'

import { WHO_ACTS } from './codes.data.ts'

/** Where a statement stands in the file: position of the segment, counted from 1, and the segment verbatim. */
// The ids keep the published JSON Schema small: each shape is described once.
export const Source = z.object({ segment: z.number().int(), text: z.string() }).meta({ id: 'EligibilitySource' })
export type Source = z.infer<typeof Source>

export const Period = z
  .object({ qualifier: z.string(), from: z.string().nullable(), to: z.string().nullable(), source: Source })
  .meta({ id: 'EligibilityPeriod' })
export type Period = z.infer<typeof Period>

export const Message = z.object({ text: z.string(), source: Source, benefit: Source.nullable() }).meta({ id: 'EligibilityMessage' })
export type Message = z.infer<typeof Message>

export const Reject = z
  .object({
    level: z.enum(['payer', 'provider', 'subscriber', 'dependent', 'benefit', 'unknown']),
    code: z.string(),
    reason: z.string(),
    followUp: z.string(),
    again: z.enum(['now', 'later', 'after-correction', 'no', 'unknown']),
    whoActs: z.enum([...WHO_ACTS, 'unknown']),
    source: Source,
  })
  .meta({ id: 'EligibilityReject' })
export type Reject = z.infer<typeof Reject>

export const Entity = z
  .object({
    role: z.string(),
    meaning: z.string(),
    name: z.string(),
    id: z.string(),
    phones: z.array(z.string()),
    source: Source,
    benefit: Source.nullable(),
  })
  .meta({ id: 'EligibilityEntity' })
export type Entity = z.infer<typeof Entity>

export const Delivery = z
  .object({
    quantityQualifier: z.string(),
    quantity: z.number().nullable(),
    per: z.string(),
    perCount: z.number().nullable(),
    period: z.string(),
    periodCount: z.number().nullable(),
    source: Source,
  })
  .meta({ id: 'EligibilityDelivery' })
export type Delivery = z.infer<typeof Delivery>

/** One EB with everything that hangs on it (loop 2110). Numbers are null when the line is malformed. */
export const BenefitLine = z
  .object({
    source: Source,
    info: z.string(),
    level: z.string(),
    serviceTypes: z.array(z.string()),
    insuranceType: z.string(),
    planName: z.string(),
    period: z.string(),
    amount: z.number().nullable(),
    /** 0 to 100. */
    percent: z.number().nullable(),
    /** False where the payer sent 20 for 20 %, or 1, which may be either. */
    percentAsFraction: z.boolean(),
    quantityQualifier: z.string(),
    quantity: z.number().nullable(),
    authorization: z.enum(['', 'Y', 'N', 'U']),
    network: z.enum(['', 'Y', 'N', 'U', 'W']),
    procedure: z.string(),
    /** Not empty: the line breaks the format and nothing was read from it. */
    malformed: z.array(z.string()),
    placesOfService: z.array(z.string()),
    deliveries: z.array(Delivery),
    references: z.array(z.object({ qualifier: z.string(), value: z.string(), source: Source })),
    dates: z.array(Period),
    messages: z.array(Message),
    rejects: z.array(Reject),
    entities: z.array(Entity),
  })
  .meta({ id: 'EligibilityBenefitLine' })
export type BenefitLine = z.infer<typeof BenefitLine>

const Party = z.object({ name: z.string(), id: z.string() })

/** Whom the answer is about (loop 2100C or 2100D), with all lines. `unidentified`: the payer rejected the question before it came to a person. */
export const Person = z
  .object({
    level: z.enum(['subscriber', 'dependent', 'unidentified']),
    /** False when the end of the answer is missing. */
    complete: z.boolean(),
    familyName: z.string(),
    givenName: z.string(),
    birthDate: z.string().nullable(),
    memberId: z.string(),
    groupNumber: z.string().nullable(),
    traces: z.array(z.string()),
    payer: Party,
    provider: Party,
    /** Date of the answer (BHT04), ISO. */
    answeredOn: z.string().nullable(),
    planReference: z.object({ name: z.string(), source: Source }).nullable(),
    dates: z.array(Period),
    lines: z.array(BenefitLine),
    messages: z.array(Message),
    rejects: z.array(Reject),
  })
  .meta({ id: 'EligibilityPerson' })
export type Person = z.infer<typeof Person>
