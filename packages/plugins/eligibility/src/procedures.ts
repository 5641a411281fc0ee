import { Refusal } from '@gonio/sdk'
import { z } from 'zod'

import { buildSnapshot, Person, read271, Snapshot } from './benefits/index.ts'
import { FINDING_CODES, readX12 } from './x12/index.ts'
import type { Segment, X12File, X12Input } from './x12/index.ts'

/** A file may come as its text, or as its bytes in base64 so that its encoding survives. */
const FileFields = { text: z.string().optional(), base64: z.string().optional() }
const QuestionFields = {
  serviceDate: z.iso.date().optional(),
  placeOfService: z
    .string()
    .regex(/^\d{2}$/)
    .optional(),
  clinicNetwork: z.enum(['in', 'out', 'unknown']).optional(),
}

const FindingOutput = z.object({
  code: z.enum(FINDING_CODES),
  severity: z.enum(['error', 'warning']),
  segment: z.number().int(),
  tag: z.string(),
  text: z.string(),
})

function toFile(input: { text?: string | undefined; base64?: string | undefined }): X12Input {
  if (input.text !== undefined && input.base64 === undefined) return { text: input.text }
  if (input.base64 !== undefined && input.text === undefined) return { base64: input.base64 }
  throw new Refusal('invalid-input', 'Pass the file either as "text" or as "base64", and only one of them.')
}

/** Most people whose snapshots one call answers with; `skip` reaches the others. */
const PAGE = 50

const Read271Fields = z.object({
  ...FileFields,
  ...QuestionFields,
  skip: z.number().int().min(0).default(0),
  withLines: z.boolean().default(false),
})
export const Read271Input = z.union([Read271Fields, z.string().transform((text) => Read271Fields.parse({ text }))])
export const Read271Output = z.object({
  /** The first of `snapshots`. */
  snapshot: Snapshot.nullable(),
  snapshots: z.array(Snapshot),
  /** With `withLines`: the people with all their benefit lines, as eligibility.build-snapshot takes them. */
  people: z.array(Person),
  peopleCount: z.number().int(),
  transactionCount: z.number().int(),
  segmentCount: z.number().int(),
  findings: z.array(FindingOutput),
})

export function readAnswerFile(input: z.infer<typeof Read271Input>): z.infer<typeof Read271Output> {
  const file = readX12(toFile(input))
  const people = read271(file)
  const page = people.slice(input.skip, input.skip + PAGE)
  const snapshots = page.map((person) => buildSnapshot(person, input))
  return {
    snapshot: snapshots[0] ?? null,
    snapshots,
    people: input.withLines ? page : [],
    peopleCount: people.length,
    transactionCount: transactionsOf(file).filter((transaction) => transaction.set === '271').length,
    segmentCount: file.segmentCount,
    findings: file.findings.list,
  }
}

function transactionsOf(file: X12File) {
  return file.interchanges.flatMap((interchange) => interchange.groups.flatMap((group) => group.transactions))
}

export const BuildSnapshotInput = z.object({ person: Person, ...QuestionFields })

export function buildSnapshotOf(input: z.infer<typeof BuildSnapshotInput>): Snapshot {
  return buildSnapshot(input.person, input)
}

const ReadX12Fields = z.object({
  ...FileFields,
  skip: z.number().int().min(0).default(0),
  limit: z.number().int().min(0).max(20_000).default(2_000),
})
export const ReadX12Input = z.union([ReadX12Fields, z.string().transform((text) => ReadX12Fields.parse({ text }))])
export const ReadX12Output = z.object({
  segmentCount: z.number().int(),
  interchanges: z.array(
    z.object({
      controlNumber: z.string(),
      version: z.string(),
      sender: z.string(),
      receiver: z.string(),
      usage: z.string(),
      segmentCount: z.number().int(),
      delimiters: z
        .object({ element: z.string(), component: z.string(), repetition: z.string().nullable(), segment: z.string() })
        .nullable(),
      groups: z.array(
        z.object({
          functionalCode: z.string(),
          controlNumber: z.string(),
          version: z.string(),
          transactions: z.array(
            z.object({
              set: z.string(),
              controlNumber: z.string(),
              implementation: z.string(),
              firstSegment: z.number().int(),
              segmentCount: z.number().int(),
            }),
          ),
        }),
      ),
    }),
  ),
  /** From `skip`, at most `limit`. A repeated element is an array. */
  segments: z.array(
    z.object({
      position: z.number().int(),
      tag: z.string(),
      text: z.string(),
      elements: z.array(z.union([z.string(), z.array(z.string())])),
    }),
  ),
  segmentsLeftOff: z.number().int(),
  findings: z.array(FindingOutput),
})

export function readX12File(input: z.infer<typeof ReadX12Input>): z.infer<typeof ReadX12Output> {
  const file = readX12(toFile(input))
  const listed = file.segments.flat().slice(input.skip, input.skip + input.limit)
  return {
    segmentCount: file.segmentCount,
    interchanges: file.interchanges.map(({ groups, ...interchange }, index) => ({
      ...interchange,
      delimiters: file.segments[index]?.[0]?.delimiters ?? null,
      groups: groups.map(({ functionalCode, controlNumber, version, transactions }) => ({
        functionalCode,
        controlNumber,
        version,
        transactions: transactions.map(({ set, controlNumber: number, implementation, header, segmentCount }) => ({
          set,
          controlNumber: number,
          implementation,
          firstSegment: header.position,
          segmentCount,
        })),
      })),
    })),
    segments: listed.map((segment) => ({
      position: segment.position,
      tag: segment.tag,
      text: segment.text,
      elements: elementsOf(segment),
    })),
    segmentsLeftOff: file.segmentCount - listed.length,
    findings: file.findings.list,
  }
}

function elementsOf(segment: Segment): (string | string[])[] {
  return segment.elements.slice(1).map((element, index) => {
    const repetitions = segment.tag === 'ISA' ? [] : segment.repetitions(index + 1)
    return repetitions.length > 1 ? [...repetitions] : element
  })
}
