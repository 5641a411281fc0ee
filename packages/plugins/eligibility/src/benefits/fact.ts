import { z } from 'zod'

import { Source } from './model.ts'
import type { BenefitLine } from './model.ts'

/**
 * How much a value can be trusted. stated: a coded element says so, for therapy. derived: computed, or stated for something wider.
 * text: read from free text. conflict: the payer says two things. absent: the payer says nothing; never to be read as "no".
 */
export const CERTAINTIES = ['stated', 'derived', 'text', 'conflict', 'absent'] as const
export const Certainty = z.enum(CERTAINTIES)
export type Certainty = z.infer<typeof Certainty>

const NETWORKS = ['in', 'out', 'both', 'unstated'] as const

/** `name` becomes a definition of the published JSON Schema, so that the shape is described once. */
export function factOf<T extends z.ZodType>(value: T, name: string) {
  return z
    .object({
      value: value.nullable(),
      certainty: Certainty,
      source: Source.nullable(),
      /** Further lines that the value stands on, or that contradict it. */
      also: z.array(Source),
      /** Service type of the line that answered: PT, AE …; null where the value is not of a benefit line. */
      serviceType: z.string().nullable(),
      /** What EB12 says about the line. It says nothing about the clinic. */
      network: z.enum(NETWORKS).nullable(),
      /** The values that contradict each other, when the certainty is `conflict`. */
      options: z.array(z.object({ value, network: z.enum(NETWORKS).nullable(), source: Source })),
      /** What to know, or what to ask the payer; empty when nothing. */
      note: z.string(),
    })
    .meta({ id: `Eligibility${name}` })
}

export const NumberFact = factOf(z.number(), 'NumberFact')
export const TextFact = factOf(z.string(), 'TextFact')
export const BooleanFact = factOf(z.boolean(), 'BooleanFact')

export type Network = (typeof NETWORKS)[number]

export interface Fact<T> {
  value: T | null
  certainty: Certainty
  source: Source | null
  also: Source[]
  serviceType: string | null
  network: Network | null
  options: { value: T; network: Network | null; source: Source }[]
  note: string
}

/** A value that one line offers. */
export interface Candidate<T> {
  readonly value: T
  readonly certainty: 'stated' | 'derived' | 'text'
  readonly source: Source
  readonly line?: BenefitLine
  readonly serviceType?: string | null
  readonly note?: string
}

export function absent<T>(note: string): Fact<T> {
  return { value: null, certainty: 'absent', source: null, also: [], serviceType: null, network: null, options: [], note }
}

/** One value if all candidates agree, a conflict with all of them if not; never a majority. */
export function agree<T>(candidates: readonly Candidate<T>[], network: Network | null, ifNone: string): Fact<T> {
  const [first, ...rest] = [...candidates].sort((a, b) => rank(a) - rank(b))
  if (first === undefined) return absent(ifNone)
  const also = rest.map((candidate) => candidate.source).slice(0, 20)
  const serviceType = first.serviceType ?? null
  const notes = [...new Set(candidates.map((candidate) => candidate.note ?? '').filter((note) => note !== ''))]
  if (rest.every((candidate) => same(candidate.value, first.value))) {
    return {
      value: first.value,
      certainty: first.certainty,
      source: first.source,
      also,
      serviceType,
      network,
      options: [],
      note: notes.join(' '),
    }
  }
  const options = distinct(candidates)
    .slice(0, 20)
    .map(({ value, source }) => ({ value, network, source }))
  const note = ['The payer states different values: ask which one holds for outpatient physical therapy.', ...notes].join(' ')
  return { value: null, certainty: 'conflict', source: first.source, also, serviceType, network, options, note }
}

function rank(candidate: Candidate<unknown>): number {
  return CERTAINTIES.indexOf(candidate.certainty)
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function distinct<T>(candidates: readonly Candidate<T>[]): Candidate<T>[] {
  const seen = new Map<string, Candidate<T>>()
  for (const candidate of candidates) {
    const key = JSON.stringify(candidate.value)
    if (!seen.has(key)) seen.set(key, candidate)
  }
  return [...seen.values()]
}

/**
 * One value for the card out of the values per network. Whether the clinic is in network is the clinic's knowledge, not the payer's
 * answer; while it is unknown, different values stay different.
 */
export function overNetworks<T>(
  facts: { in: Fact<T>; out: Fact<T>; unstated: Fact<T> },
  clinic: 'in' | 'out' | 'unknown',
  ifNone: string,
): Fact<T> {
  const order = clinic === 'out' ? [facts.out, facts.unstated] : [facts.in, facts.unstated]
  if (clinic !== 'unknown')
    return order.find((fact) => fact.certainty !== 'absent') ?? order.find((fact) => fact.note !== '') ?? absent(ifNone)
  const present = [facts.in, facts.out, facts.unstated].filter((fact) => fact.certainty !== 'absent')
  const [first, ...rest] = present
  if (first === undefined) return absent([facts.in, facts.unstated, facts.out].find((fact) => fact.note !== '')?.note ?? ifNone)
  if (rest.length === 0) return withNetworkNote(first)
  if (present.every((fact) => fact.value !== null && same(fact.value, first.value))) {
    const strongest = [...present].sort((a, b) => CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty))[0] ?? first
    return {
      ...strongest,
      network: 'both',
      also: present.flatMap((fact) => [fact.source, ...fact.also]).filter((source) => source !== null),
    }
  }
  const options = present.flatMap((fact) =>
    fact.value === null || fact.source === null ? fact.options : [{ value: fact.value, network: fact.network, source: fact.source }],
  )
  return {
    ...first,
    value: null,
    certainty: 'conflict',
    network: null,
    options,
    also: present
      .slice(1)
      .map((fact) => fact.source)
      .filter((source) => source !== null),
    note: 'It depends on the network, and the answer does not say whether this clinic is in it.',
  }
}

function withNetworkNote<T>(fact: Fact<T>): Fact<T> {
  if (fact.network === 'out') return { ...fact, note: `Stated for out-of-network providers only. ${fact.note}`.trim() }
  if (fact.network === 'in') return { ...fact, note: `Stated for in-network providers. ${fact.note}`.trim() }
  return fact
}
