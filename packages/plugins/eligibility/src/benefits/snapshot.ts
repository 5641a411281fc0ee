import { z } from 'zod'

import { Authorization, readAuthorization, readReferral, ReferralFact, unknownAuthorization } from './authorization.ts'
import { THERAPY_TIERS } from './codes.data.ts'
import { Accumulator, CopayFact, readAccumulator, readCoinsurance, readCopay } from './cost-sharing.ts'
import { absent, BooleanFact, NumberFact, overNetworks, TextFact } from './fact.ts'
import type { Fact, Network } from './fact.ts'
import { Entity, Message, Reject, Source } from './model.ts'
import type { BenefitLine, Person } from './model.ts'
import { readActive, readInsuranceType, readPlanDate, readPlanName, readTherapyCovered } from './plan.ts'
import { selectLines, tierOf } from './select.ts'
import type { Bucket, ByNetwork } from './select.ts'
import { Visits, readVisits } from './visits.ts'

/** Lists in a snapshot are cut here; the whole answer stays with the check that read it. */
const MAX_LISTED = 200

const ByLevel = z.object({ individual: Accumulator, family: Accumulator, levelNotStated: Accumulator }).meta({ id: 'EligibilityByLevel' })

export const NetworkBenefits = z
  .object({
    therapyCovered: BooleanFact,
    copay: CopayFact,
    coinsurance: NumberFact,
    deductible: ByLevel,
    outOfPocket: ByLevel,
    visits: Visits,
    /** A limit of therapy in dollars. */
    dollarLimit: Accumulator,
    authorization: Authorization,
    referral: ReferralFact,
  })
  .meta({ id: 'EligibilityNetworkBenefits' })
export type NetworkBenefits = z.infer<typeof NetworkBenefits>

export const Ask = z.object({ topic: z.string(), question: z.string(), source: Source.nullable() })
export type Ask = z.infer<typeof Ask>

/**
 * What one 271 says for outpatient physical therapy. Each value is correct or unknown: it has its certainty and its source line.
 * The values at the top are for the card; they hold over the networks or say that they do not.
 */
export const Snapshot = z
  .object({
    person: z.object({
      level: z.enum(['subscriber', 'dependent', 'unidentified']),
      memberId: z.string(),
      familyName: z.string(),
      givenName: z.string(),
      birthDate: z.string().nullable(),
    }),
    payer: z.object({ name: z.string(), id: z.string() }),
    /** False when the end of the answer is missing: then no value is better than derived. */
    complete: z.boolean(),
    /** The day the benefits are read for, and the day of the answer. */
    asOf: z.string().nullable(),
    answeredOn: z.string().nullable(),
    traces: z.array(z.string()),
    /** Best service type with a line: PT, AE, A9 or AC; null when the answer has no therapy line. */
    answeredBy: z.string().nullable(),
    active: BooleanFact,
    planName: TextFact,
    insuranceType: TextFact,
    planBegin: TextFact,
    planEnd: TextFact,
    therapyCovered: BooleanFact,
    copay: CopayFact,
    coinsurance: NumberFact,
    deductible: ByLevel,
    outOfPocket: ByLevel,
    visits: Visits,
    dollarLimit: Accumulator,
    authorization: Authorization,
    referral: ReferralFact,
    benefits: z.object({ inNetwork: NetworkBenefits, outOfNetwork: NetworkBenefits, networkNotStated: NetworkBenefits }),
    messages: z.array(Message),
    entities: z.array(Entity),
    otherPayers: z.array(z.object({ source: Source, names: z.array(z.string()) })),
    rejects: z.array(Reject),
    /** Lines that break the format: nothing was read from them. */
    malformed: z.array(z.object({ source: Source, why: z.string() })),
    /** Sound lines that do not answer the question, with the reason. */
    unused: z.array(z.object({ source: Source, why: z.string() })),
    ask: z.array(Ask),
  })
  .meta({ id: 'EligibilitySnapshot' })
export type Snapshot = z.infer<typeof Snapshot>

export interface SnapshotOptions {
  /** Day of service, ISO; default: the day of the answer. */
  readonly serviceDate?: string | null | undefined
  readonly placeOfService?: string | undefined
  /** What the clinic knows about its contract with this payer. */
  readonly clinicNetwork?: 'in' | 'out' | 'unknown' | undefined
}

type Values = {
  readonly [Key in Exclude<keyof NetworkBenefits, 'visits' | 'deductible' | 'outOfPocket' | 'dollarLimit' | 'authorization'>]: ByNetwork<
    NonNullable<NetworkBenefits[Key]['value']>
  >
}
type Pick = <T>(facts: ByNetwork<T>) => Fact<T>

/** Builds the snapshot of one person of an answer. Pure; the same answer and options give the same snapshot. */
export function buildSnapshot(person: Person, options: SnapshotOptions = {}): Snapshot {
  const question = { on: options.serviceDate ?? person.answeredOn, placeOfService: options.placeOfService ?? '11' }
  const clinic = options.clinicNetwork ?? 'unknown'
  const { usable, unused } = selectLines(person, question)
  const { placeOfService } = question
  const values: Values = {
    therapyCovered: readTherapyCovered(usable, question),
    copay: readCopay(usable, placeOfService),
    coinsurance: readCoinsurance(usable, placeOfService),
    referral: readReferral(usable, placeOfService),
  }
  const visits = readVisits(usable, placeOfService)
  const authorization = readAuthorization(usable, person.lines, placeOfService)
  const deductible = readLevels(usable, 'C', placeOfService)
  const outOfPocket = readLevels(usable, 'G', placeOfService)
  const dollars = readAccumulator(usable, { info: 'F', levels: [], placeOfService })
  const part = (pick: Pick): Omit<NetworkBenefits, 'authorization'> => ({
    therapyCovered: pick(values.therapyCovered),
    copay: pick(values.copay),
    coinsurance: pick(values.coinsurance),
    referral: pick(values.referral),
    deductible: pickLevels(deductible, pick),
    outOfPocket: pickLevels(outOfPocket, pick),
    dollarLimit: pickAmounts(dollars, pick),
    visits: {
      allowed: pick(visits.allowed),
      remaining: pick(visits.remaining),
      used: pick(visits.used),
      period: pick(visits.period),
      unit: pick(visits.unit),
      unlimited: pick(visits.unlimited),
      rate: pick(visits.rate),
      combinedWith: pick(visits.combinedWith),
    },
  })
  const network = (bucket: Bucket): NetworkBenefits => ({ ...part((facts) => facts[bucket]), authorization: authorization[bucket] })
  const top = part((facts) => overNetworks(bestOnly(facts), clinic, 'Not stated.'))
  const snapshot: Omit<Snapshot, 'ask'> = {
    person: {
      level: person.level,
      memberId: person.memberId,
      familyName: person.familyName,
      givenName: person.givenName,
      birthDate: person.birthDate,
    },
    payer: person.payer,
    complete: person.complete,
    asOf: question.on,
    answeredOn: person.answeredOn,
    traces: person.traces.slice(0, 20),
    answeredBy: bestTherapy(usable),
    active: readActive(person, question),
    planName: readPlanName(person, question),
    insuranceType: readInsuranceType(person, question),
    planBegin: readPlanDate(person, 'begin'),
    planEnd: readPlanDate(person, 'end'),
    ...top,
    authorization: topAuthorization(authorization, clinic),
    benefits: { inNetwork: network('in'), outOfNetwork: network('out'), networkNotStated: network('unstated') },
    messages: [...person.messages, ...person.lines.flatMap((line) => line.messages)].slice(0, MAX_LISTED),
    entities: person.lines.flatMap((line) => line.entities).slice(0, MAX_LISTED),
    otherPayers: person.lines
      .filter((line) => line.info === 'R' && line.malformed.length === 0)
      .slice(0, 20)
      .map((line) => ({ source: line.source, names: line.entities.map((entity) => entity.name) })),
    rejects: [...person.rejects, ...person.lines.flatMap((line) => line.rejects)].slice(0, MAX_LISTED),
    malformed: unused.filter(({ why }) => why.startsWith('malformed: ')).slice(0, MAX_LISTED),
    unused: unused.filter(({ why }) => !why.startsWith('malformed: ')).slice(0, MAX_LISTED),
  }
  const honest = person.complete ? snapshot : { ...snapshot, ...weakenAll(snapshot) }
  return { ...honest, ask: listQuestions(honest) }
}

/** The missing part of a cut answer may contradict what arrived: nothing in it is certain. */
function weakenAll<T>(value: T): T
function weakenAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((part: unknown) => weakenAll(part))
  if (typeof value !== 'object' || value === null) return value
  const parts = Object.entries(value).map(([key, part]): [string, unknown] => [
    key,
    key === 'certainty' && part === 'stated' ? 'derived' : weakenAll<unknown>(part),
  ])
  return Object.fromEntries(parts)
}

type Levels = Record<keyof z.infer<typeof ByLevel>, ReturnType<typeof readAccumulator>>

function readLevels(lines: readonly BenefitLine[], info: 'C' | 'G', placeOfService: string): Levels {
  const of = (level: string) => readAccumulator(lines, { info, levels: [level], placeOfService })
  return { individual: of('IND'), family: of('FAM'), levelNotStated: of('') }
}

function pickLevels(levels: Levels, pick: Pick): z.infer<typeof ByLevel> {
  return {
    individual: pickAmounts(levels.individual, pick),
    family: pickAmounts(levels.family, pick),
    levelNotStated: pickAmounts(levels.levelNotStated, pick),
  }
}

function pickAmounts(amounts: ReturnType<typeof readAccumulator>, pick: Pick): Accumulator {
  return { total: pick(amounts.total), remaining: pick(amounts.remaining), met: pick(amounts.met) }
}

const RANKED: readonly string[] = [...THERAPY_TIERS.flat(), '98', '30']

/** For the card only the best service type speaks: an AE value of one network must not contradict the PT value of another. */
function bestOnly<T>(facts: ByNetwork<T>): ByNetwork<T> {
  const rank = (fact: Fact<T>): number => (fact.serviceType === null ? RANKED.length : RANKED.indexOf(fact.serviceType))
  const best = Math.min(rank(facts.in), rank(facts.out), rank(facts.unstated))
  const keep = (fact: Fact<T>): Fact<T> => (fact.certainty === 'absent' || rank(fact) === best ? fact : absent(fact.note))
  return { in: keep(facts.in), out: keep(facts.out), unstated: keep(facts.unstated) }
}

function topAuthorization(facts: Record<Bucket, Authorization>, clinic: 'in' | 'out' | 'unknown'): Authorization {
  const unknown = unknownAuthorization('')
  const fact = overNetworks(facts, clinic, 'Not stated.')
  const all = [facts.in, facts.out, facts.unstated]
  const value = fact.value ?? (fact.certainty === 'conflict' ? 'conflict' : 'unknown')
  const texts = [...new Set(all.flatMap((one) => one.texts))].slice(0, 20)
  return { ...unknown, ...fact, value, afterVisits: all.find((one) => one.afterVisits !== null)?.afterVisits ?? null, texts }
}

function bestTherapy(lines: readonly BenefitLine[]): string | null {
  const tiers = lines.map(tierOf).filter((tier) => tier?.therapy === true)
  return tiers.sort((a, b) => (a?.rank ?? 0) - (b?.rank ?? 0))[0]?.serviceType ?? null
}

/** What a person has to find out before the first visit, most important first. */
function listQuestions(snapshot: Omit<Snapshot, 'ask'>): Ask[] {
  const ask: Ask[] = snapshot.rejects.slice(0, 10).map((reject) => ({
    topic: 'answer',
    question: `${reject.reason} (${reject.followUp}); to be settled by: ${reject.whoActs}`,
    source: reject.source,
  }))
  const unless = (topic: string, fact: Fact<unknown>, fine: boolean): void => {
    if (!fine)
      ask.push({
        topic,
        question: fact.note === '' ? 'Not certain: ask the payer.' : fact.note,
        source: fact.source ?? fact.also[0] ?? null,
      })
  }
  const certain = (fact: Fact<unknown>): boolean => fact.certainty === 'stated'
  if (!snapshot.complete)
    ask.push({ topic: 'answer', question: 'The answer is cut off: ask the payer again before relying on it.', source: null })
  unless('active', snapshot.active, certain(snapshot.active))
  unless('therapy covered', snapshot.therapyCovered, certain(snapshot.therapyCovered))
  unless(
    'authorization',
    snapshot.authorization,
    certain(snapshot.authorization) && snapshot.authorization.value !== 'unknown' && snapshot.authorization.afterVisits === null,
  )
  unless('referral', snapshot.referral, certain(snapshot.referral))
  unless('visits', snapshot.visits.allowed, certain(snapshot.visits.allowed) || certain(snapshot.visits.unlimited))
  if (!certain(snapshot.visits.remaining) && snapshot.visits.allowed.value !== null)
    unless('visits remaining', snapshot.visits.remaining, false)
  if (!certain(snapshot.copay) && !certain(snapshot.coinsurance)) unless('copay', snapshot.copay, false)
  const wide: Network[] = ['in', 'out']
  if (wide.some((network) => network === snapshot.copay.network || network === snapshot.authorization.network)) {
    ask.push({
      topic: 'network',
      question: 'Values are stated by network; the answer does not say whether this clinic is in network.',
      source: null,
    })
  }
  for (const other of snapshot.otherPayers.slice(0, 3))
    ask.push({ topic: 'other payer', question: 'Another payer is named: find out which one pays first.', source: other.source })
  for (const entity of snapshot.entities.filter(({ role }) => role === 'X3' || role === 'VN').slice(0, 3)) {
    ask.push({
      topic: 'contact',
      question: `Another party may handle therapy: ${[entity.name, ...entity.phones].join(', ')}`.slice(0, 500),
      source: entity.source,
    })
  }
  for (const line of snapshot.malformed.slice(0, 10))
    ask.push({
      topic: 'malformed line',
      question: `Nothing was read from this line (${line.why.slice(11)}): ask what it means.`,
      source: line.source,
    })
  return ask
}
