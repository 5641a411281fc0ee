import { z } from 'zod'

import { PERIODS, PLACEHOLDERS, QUANTITIES } from './codes.data.ts'
import { absent, BooleanFact, factOf, NumberFact, TextFact } from './fact.ts'
import type { Candidate, Fact } from './fact.ts'
import { meaningOf } from './lookup.ts'
import type { BenefitLine, Source } from './model.ts'
import { answerByNetwork, bucketsOf, tierOf } from './select.ts'
import type { Bucket, ByNetwork } from './select.ts'
import { readCombinedText } from './text.ts'

export const Rate = z.object({ count: z.number(), unit: z.string(), per: z.string() })
export type Rate = z.infer<typeof Rate>

export const Visits = z
  .object({
    allowed: NumberFact,
    remaining: NumberFact,
    used: NumberFact,
    period: TextFact,
    unit: TextFact,
    unlimited: BooleanFact,
    /** Such as two visits a week; beside the yearly number. */
    rate: factOf(Rate, 'RateFact'),
    /** Therapies that share the limit. Only a text can say so. */
    combinedWith: factOf(z.array(z.string()), 'CombinedFact'),
  })
  .meta({ id: 'EligibilityVisits' })
export type Visits = { [Key in keyof z.infer<typeof Visits>]: z.infer<typeof Visits>[Key] }

/** One number about visits, as one EB or HSD states it. */
interface Count {
  readonly kind: 'total' | 'remaining' | 'used' | 'rate'
  readonly count: number
  readonly unit: string
  readonly per: string
  readonly source: Source
  readonly certain: boolean
}

const UNITS: readonly string[] = ['VS', 'P6', 'DY', 'HS', 'FL']
const RATE_PERIODS: readonly string[] = ['6', '7', '13', '34', '35']
/** Periods that a clinic counts in. Lifetime, episode and admission limits are read only when there is no other. */
const YEARLY: readonly string[] = ['', '21', '22', '23', '25']
const NO_LIMIT = 'No visit limit is stated for therapy; that does not mean there is none.'

export function readVisits(
  lines: readonly BenefitLine[],
  placeOfService: string,
): { [Key in keyof Visits]: ByNetwork<NonNullable<Visits[Key]['value']>> } {
  const answer = <T>(ifNone: string, read: (line: BenefitLine) => readonly Candidate<T>[]): ByNetwork<T> =>
    answerByNetwork<T>(lines, { general: 'ignore', placeOfService, levels: [], ifNone, read })
  const unit = preferredUnit(lines)
  const yearly = lines.some(
    (line) => tierOf(line)?.therapy === true && countsOf(line).some((count) => count.kind === 'total' && YEARLY.includes(count.per)),
  )
  const numbers = (line: BenefitLine, kind: Count['kind']): Count[] =>
    countsOf(line).filter(
      (count) =>
        count.kind === kind &&
        count.unit === unit &&
        !isPlaceholder(count.count) &&
        (kind !== 'total' || !yearly || YEARLY.includes(count.per)),
    )
  const number =
    (kind: Count['kind']) =>
    (line: BenefitLine): Candidate<number>[] =>
      numbers(line, kind).map(({ count, source, certain }) => ({
        value: count,
        certainty: certain && unit === 'VS' ? 'stated' : 'derived',
        source,
        note: [certain ? '' : 'Stated as year to date.', unit === 'VS' ? '' : `Counted in ${meaningOf(QUANTITIES, unit)}, not in visits.`]
          .join(' ')
          .trim(),
      }))
  const allowed = answer(NO_LIMIT, number('total'))
  const stated = { remaining: answer('Not stated.', number('remaining')), used: answer('Not stated.', number('used')) }
  const { used, remaining } = deriveRest(allowed, stated, lines)
  return {
    allowed,
    remaining,
    used,
    period: answer('Not stated.', (line) =>
      numbers(line, 'total')
        .filter(({ per }) => per !== '')
        .map(({ per, source }) => ({ value: meaningOf(PERIODS, per), certainty: 'stated', source })),
    ),
    unit: answer('Not stated.', (line) =>
      [...numbers(line, 'total'), ...numbers(line, 'remaining')].map((count) => ({
        value: meaningOf(QUANTITIES, count.unit),
        certainty: 'stated',
        source: count.source,
      })),
    ),
    unlimited: answer('Not stated.', readUnlimited),
    rate: answer('Not stated.', (line) =>
      numbers(line, 'rate').map((count) => ({
        value: { count: count.count, unit: meaningOf(QUANTITIES, count.unit), per: count.per },
        certainty: 'stated',
        source: count.source,
      })),
    ),
    combinedWith: answer('Not stated whether other therapies share the limit.', (line) =>
      line.messages.flatMap((message): Candidate<string[]>[] => {
        const therapies = readCombinedText(message)
        return therapies === null ? [] : [{ value: therapies, certainty: 'text', source: message.source, note: message.text.slice(0, 200) }]
      }),
    ),
  }
}

/** Limits stand in EB09 and EB10 or in an HSD. On a copay line an HSD says for which visits the copay holds: not a limit. */
function countsOf(line: BenefitLine): Count[] {
  if (line.info !== 'F' && line.info !== '1') return []
  const counts: Count[] = []
  if (line.quantity !== null && line.info === 'F') {
    const kind = kindOf(line.period)
    if (line.quantityQualifier === '99')
      counts.push({ kind: 'used', count: line.quantity, unit: 'VS', per: line.period, source: line.source, certain: false })
    else if (kind !== null && UNITS.includes(line.quantityQualifier)) {
      counts.push({
        kind,
        count: line.quantity,
        unit: line.quantityQualifier,
        per: kind === 'rate' ? meaningOf(PERIODS, line.period) : line.period,
        source: line.source,
        certain: kind !== 'used',
      })
    }
  }
  for (const hsd of line.deliveries) {
    if (hsd.quantity === null || !UNITS.includes(hsd.quantityQualifier)) continue
    const period = hsd.period === '' ? line.period : hsd.period
    const kind = hsd.per === '' ? kindOf(period) : 'rate'
    if (kind === null) continue
    const several = hsd.periodCount !== null && hsd.periodCount !== 1
    const per = kind !== 'rate' ? period : hsd.per === '' ? meaningOf(PERIODS, period) : hsd.per
    // "30 visits in 2 calendar years" is not 30 a year: kept as a rate with its own words.
    if (several || (hsd.perCount ?? 1) !== 1)
      counts.push({
        kind: 'rate',
        count: hsd.quantity,
        unit: hsd.quantityQualifier,
        per: `${hsd.perCount ?? ''} ${hsd.per} ${hsd.periodCount ?? ''} ${meaningOf(PERIODS, period)}`.replace(/\s+/g, ' ').trim(),
        source: hsd.source,
        certain: true,
      })
    else counts.push({ kind, count: hsd.quantity, unit: hsd.quantityQualifier, per, source: hsd.source, certain: kind !== 'used' })
  }
  return counts
}

/** Year to date (24) counts what was used, as most payers send it; it is never read as the limit. */
function kindOf(period: string): Count['kind'] | null {
  if (period === '29' || period === '33') return 'remaining'
  if (period === '24') return 'used'
  if (RATE_PERIODS.includes(period)) return 'rate'
  return ['', '21', '22', '23', '25', '26', '32', '36'].includes(period) ? 'total' : null
}

function preferredUnit(lines: readonly BenefitLine[]): string {
  const units = new Set(lines.filter((line) => tierOf(line)?.therapy === true).flatMap((line) => countsOf(line).map((count) => count.unit)))
  return UNITS.find((unit) => units.has(unit)) ?? 'VS'
}

function isPlaceholder(count: number): boolean {
  return PLACEHOLDERS.quantities.some((value) => value === count) || count >= 9_999
}

function readUnlimited(line: BenefitLine): Candidate<boolean>[] {
  if (line.info === 'H') return [{ value: true, certainty: 'stated', source: line.source }]
  const placeholder = countsOf(line).find((count) => isPlaceholder(count.count))
  return placeholder === undefined
    ? []
    : [
        {
          value: true,
          certainty: 'derived',
          source: placeholder.source,
          note: 'The payer sent a placeholder for "no limit" instead of a number: ask to be sure.',
        },
      ]
}

type Rest = { remaining: ByNetwork<number>; used: ByNetwork<number> }

/** used = allowed - remaining, and the other way round, only where both are stated for the same service type, network and level. */
function deriveRest(allowed: ByNetwork<number>, stated: Rest, lines: readonly BenefitLine[]): Rest {
  const rest: Rest = { remaining: { ...stated.remaining }, used: { ...stated.used } }
  for (const bucket of ['in', 'out', 'unstated'] as const satisfies readonly Bucket[]) {
    const [total, left, used] = [allowed[bucket], stated.remaining[bucket], stated.used[bucket]]
    if (isStated(total) && isStated(left) && left.value > total.value) {
      rest.remaining[bucket] = {
        ...left,
        value: null,
        certainty: 'conflict',
        note: 'More visits are left than allowed: ask the payer.',
        options: [left, total].flatMap((fact) =>
          fact.source === null ? [] : [{ value: fact.value ?? 0, network: bucket, source: fact.source }],
        ),
      }
    } else if (isStated(total) && isStated(left) && used.certainty === 'absent' && sameKey(total, left, lines, bucket)) {
      rest.used[bucket] = derived(total.value - left.value, left, total, 'Allowed minus remaining.')
    }
  }
  return rest
}

function isStated(fact: Fact<number>): fact is Fact<number> & { value: number } {
  return fact.value !== null && fact.certainty === 'stated'
}

function sameKey(a: Fact<number>, b: Fact<number>, lines: readonly BenefitLine[], bucket: Bucket): boolean {
  if (a.serviceType !== b.serviceType) return false
  const key = (fact: Fact<number>): string | null => {
    const line = lines.find(
      (one) =>
        bucketsOf(one).includes(bucket) &&
        (one.source.segment === fact.source?.segment || one.deliveries.some((hsd) => hsd.source.segment === fact.source?.segment)),
    )
    return line === undefined ? null : [line.level, line.network, [...line.placesOfService].sort().join(), line.period === '33'].join('|')
  }
  return key(a) !== null && key(a) === key(b)
}

function derived(value: number, first: Fact<number>, second: Fact<number>, note: string): Fact<number> {
  const also = second.source === null ? [] : [second.source]
  return {
    ...absent<number>(note),
    value,
    certainty: 'derived',
    source: first.source,
    also,
    serviceType: first.serviceType,
    network: first.network,
  }
}
