import { z } from 'zod'

import { PERIODS, PLACEHOLDERS } from './codes.data.ts'
import { factOf, NumberFact } from './fact.ts'
import type { Candidate } from './fact.ts'
import { meaningOf } from './lookup.ts'
import type { BenefitLine } from './model.ts'
import { answerByNetwork } from './select.ts'
import type { ByNetwork } from './select.ts'

export const Copay = z.object({ amount: z.number(), per: z.string().nullable() })
export type Copay = z.infer<typeof Copay>
export const CopayFact = factOf(Copay, 'CopayFact')

/** EB01 B. A payer that charges per visit writes EB06 27 or 7, so the word of the payer is kept. */
export function readCopay(lines: readonly BenefitLine[], placeOfService: string): ByNetwork<Copay> {
  return answerByNetwork<Copay>(lines, {
    general: 'derived',
    placeOfService,
    levels: [],
    ifNone: 'No copay is stated for therapy.',
    read(line) {
      if (line.info !== 'B' || line.amount === null || line.amount >= PLACEHOLDERS.amountFrom) return []
      const per = line.period === '' ? null : meaningOf(PERIODS, line.period)
      const note = per === null ? 'The payer does not say what the copay counts for.' : ''
      return [{ value: { amount: line.amount, per }, certainty: 'stated', source: line.source, note }]
    },
  })
}

/** EB01 A, in percent of the allowed amount that the patient pays. */
export function readCoinsurance(lines: readonly BenefitLine[], placeOfService: string): ByNetwork<number> {
  return answerByNetwork<number>(lines, {
    general: 'derived',
    placeOfService,
    levels: [],
    ifNone: 'No coinsurance is stated for therapy.',
    read(line) {
      if (line.info !== 'A' || line.percent === null) return []
      if (line.percentAsFraction) return [{ value: line.percent, certainty: 'stated', source: line.source }]
      return [
        {
          value: line.percent,
          certainty: 'derived',
          source: line.source,
          note: 'The payer did not send a fraction below 1: read as percent.',
        },
      ]
    },
  })
}

export const Accumulator = z.object({ total: NumberFact, remaining: NumberFact, met: NumberFact }).meta({ id: 'EligibilityAccumulator' })
export type Accumulator = z.infer<typeof Accumulator>

const KINDS = ['total', 'remaining', 'met'] as const
type Kind = (typeof KINDS)[number]

/**
 * Amounts of EB01 C (deductible), G (out-of-pocket maximum) or F (a limit in dollars, of therapy lines only) for some coverage levels;
 * individual and family are never mixed.
 */
export function readAccumulator(
  lines: readonly BenefitLine[],
  of: { info: 'C' | 'G' | 'F'; levels: readonly string[]; placeOfService: string },
): Record<Kind, ByNetwork<number>> {
  const one = (kind: Kind): ByNetwork<number> =>
    answerByNetwork<number>(lines, {
      general: of.info === 'F' ? 'ignore' : 'plan',
      placeOfService: of.placeOfService,
      levels: of.levels,
      ifNone: 'Not stated.',
      read(line) {
        if (line.info !== of.info || line.amount === null || line.amount >= PLACEHOLDERS.amountFrom) return []
        return amountAs(kind, line, line.amount)
      },
    })
  return { total: one('total'), remaining: one('remaining'), met: one('met') }
}

/** The period says what an amount is: 29 what is left, 24 what was counted so far; without one it may be either. */
function amountAs(kind: Kind, line: BenefitLine, amount: number): Candidate<number>[] {
  const { period, source } = line
  const is: Kind | null =
    period === '29' || period === '33'
      ? 'remaining'
      : period === '24'
        ? 'met'
        : ['', '21', '22', '23', '25', '26', '32'].includes(period)
          ? 'total'
          : null
  if (is !== kind) return []
  if (period === '')
    return [{ value: amount, certainty: 'derived', source, note: 'No period is stated: it may be the total or what is left.' }]
  if (period === '24') return [{ value: amount, certainty: 'derived', source, note: 'Stated as year to date.' }]
  return [{ value: amount, certainty: 'stated', source }]
}
