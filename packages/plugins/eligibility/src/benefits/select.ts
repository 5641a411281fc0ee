import { COVERAGE_LEVELS, DATE_ROLES, GENERAL_TIERS, SERVICE_TYPES, THERAPY_TIERS } from './codes.data.ts'
import { absent, agree } from './fact.ts'
import type { Candidate, Fact, Network } from './fact.ts'
import { meaningOf } from './lookup.ts'
import type { BenefitLine, Period, Person, Source } from './model.ts'
import { isHabilitativeOnly } from './text.ts'

/** What the clinic asks about: the day of service and where it treats (POS 11 = office). */
export interface Question {
  readonly on: string | null
  readonly placeOfService: string
}

export interface Unused {
  readonly source: Source
  readonly why: string
}

/** The lines that may answer for usual outpatient therapy on the day, and the others with the reason. */
export function selectLines(person: Person, question: Question): { usable: BenefitLine[]; unused: Unused[] } {
  const usable: BenefitLine[] = []
  const unused: Unused[] = []
  for (const line of person.lines) {
    const why = whyUnused(line, question)
    if (why === null) usable.push(line)
    else unused.push({ source: line.source, why })
  }
  return { usable, unused }
}

function whyUnused(line: BenefitLine, { on, placeOfService }: Question): string | null {
  if (line.malformed.length > 0) return `malformed: ${line.malformed.join('; ')}`
  if (!isInPeriod(line.dates, on)) return 'for another period'
  if (line.procedure !== '') return 'for one procedure only'
  if (line.placesOfService.length > 0 && !line.placesOfService.includes(placeOfService)) return 'for another place of service'
  if (isHabilitativeOnly(line.messages)) return 'for habilitative care only'
  return null
}

export function isInPeriod(dates: readonly Period[], on: string | null): boolean {
  if (on === null) return true
  return !dates.some(({ qualifier, from, to }) => {
    const ranged = from !== to
    if (DATE_ROLES.begin.some((code) => code === qualifier)) return (from !== null && from > on) || (ranged && to !== null && to < on)
    if (DATE_ROLES.end.some((code) => code === qualifier)) return to !== null && to < on
    return DATE_ROLES.range.some((code) => code === qualifier) && ranged && ((to !== null && to < on) || (from !== null && from > on))
  })
}

const ALL_TIERS = [...THERAPY_TIERS, ...GENERAL_TIERS]

/** The best service type of a line for therapy, with its rank (0 = best); null when the line is about something else. */
export function tierOf(line: BenefitLine): { rank: number; serviceType: string; therapy: boolean } | null {
  for (const [rank, tier] of ALL_TIERS.entries()) {
    const serviceType = tier.find((code) => line.serviceTypes.includes(code))
    if (serviceType !== undefined) return { rank, serviceType, therapy: rank < THERAPY_TIERS.length }
  }
  return null
}

export type Bucket = 'in' | 'out' | 'unstated'
export type ByNetwork<T> = Record<Bucket, Fact<T>>

/** EB12 of the line. W holds for both, and only W does: a line without EB12 is neither. */
export function bucketsOf(line: BenefitLine): readonly Bucket[] {
  return line.network === 'Y' ? ['in'] : line.network === 'N' ? ['out'] : line.network === 'W' ? ['in', 'out'] : ['unstated']
}

export interface Reading<T> {
  read(line: BenefitLine): readonly Candidate<T>[]
  /** What a line for office visits (98) or the plan (30) is worth: nothing for this value, a hint, or (30) the value itself. */
  readonly general: 'ignore' | 'derived' | 'plan'
  readonly placeOfService: string
  /** Coverage levels that are read; empty = individual and unmarked first, others as a hint. */
  readonly levels: readonly string[]
  readonly ifNone: string
}

interface Offer<T> {
  readonly candidate: Candidate<T>
  readonly line: BenefitLine
  readonly rank: number
  readonly therapy: boolean
  readonly serviceType: string
}

/** One value for each network, out of the best service type that answers; networks are never mixed. */
export function answerByNetwork<T>(lines: readonly BenefitLine[], reading: Reading<T>): ByNetwork<T> {
  const offers: Offer<T>[] = []
  for (const line of lines) {
    const tier = tierOf(line)
    if (tier === null || (reading.levels.length > 0 && !reading.levels.includes(line.level))) continue
    for (const candidate of reading.read(line)) offers.push({ candidate, line, ...tier })
  }
  const therapy = offers.filter((offer) => offer.therapy)
  if (therapy.length > 0 || offers.length === 0) return inBuckets(therapy, (some, network) => agreeOn(bestTier(some), network, reading))
  if (reading.general === 'ignore') {
    const names = [...new Set(offers.map((offer) => `${meaningOf(SERVICE_TYPES, offer.serviceType)} (${offer.serviceType})`))].join(', ')
    const note = `Stated for ${names} only, not for therapy: ask the payer.`
    return inBuckets(offers, (some) =>
      some.length === 0 ? absent(reading.ifNone) : { ...absent(note), also: some.slice(0, 5).map((offer) => offer.line.source) },
    )
  }
  const { general } = reading
  const chosen = (some: readonly Offer<T>[]): readonly Offer<T>[] => (general === 'plan' ? some : bestTier(some))
  return inBuckets(offers, (some, network) =>
    agreeOn(
      chosen(some).map((offer) => weaken(offer, general)),
      network,
      reading,
    ),
  )
}

function inBuckets<T>(offers: readonly Offer<T>[], decide: (some: readonly Offer<T>[], network: Network) => Fact<T>): ByNetwork<T> {
  const of = (bucket: Bucket): Fact<T> =>
    decide(
      offers.filter((offer) => bucketsOf(offer.line).includes(bucket)),
      bucket,
    )
  return { in: of('in'), out: of('out'), unstated: of('unstated') }
}

function bestTier<T>(offers: readonly Offer<T>[]): readonly Offer<T>[] {
  const best = Math.min(...offers.map((offer) => offer.rank))
  return offers.filter((offer) => offer.rank === best)
}

/** A value for office visits or the whole plan is a hint for therapy; a plan's own deductible is stated for the plan. */
function weaken<T>(offer: Offer<T>, general: 'derived' | 'plan'): Offer<T> {
  if (general === 'plan' && offer.serviceType === '30') return offer
  const note = `Stated for ${meaningOf(SERVICE_TYPES, offer.serviceType)} (${offer.serviceType}), not for therapy: ask the payer.`
  return { ...offer, candidate: { ...offer.candidate, certainty: 'derived', note } }
}

function agreeOn<T>(offers: readonly Offer<T>[], network: Network, reading: Reading<T>): Fact<T> {
  let some = offers
  const here = some.filter((offer) => offer.line.placesOfService.includes(reading.placeOfService))
  if (here.length > 0) some = here
  const individual = some.filter((offer) => offer.line.level === 'IND' || offer.line.level === '')
  const hint = reading.levels.length === 0 && individual.length === 0
  if (reading.levels.length === 0 && individual.length > 0) some = individual
  const candidates = some.map(({ candidate, line, serviceType }): Candidate<T> => {
    if (!hint) return { ...candidate, line, serviceType }
    return {
      ...candidate,
      certainty: 'derived',
      line,
      serviceType,
      note: `Stated for ${meaningOf(COVERAGE_LEVELS, line.level)} only. ${candidate.note ?? ''}`.trim(),
    }
  })
  return agree(candidates, network, reading.ifNone)
}
