import { Refusal } from '@gonio/sdk'
import { z } from 'zod'

import { INSTRUMENT_IDS, INSTRUMENTS } from './instruments.data.ts'
import type { Instrument } from './instruments.data.ts'

export const VERDICTS = ['no-change-beyond-error', 'responder', 'uncertain', 'worse', 'not-comparable'] as const
export type Verdict = (typeof VERDICTS)[number]

export const ScoreInput = z.object({
  instrument: z.enum(INSTRUMENT_IDS),
  /** One entry an item, null where there is no answer. */
  items: z.array(z.number().nullable()).max(100),
  /** Score at the start of the episode. */
  baseline: z.number().optional(),
})
export type ScoreInput = z.infer<typeof ScoreInput>

export const ScoreOutput = z.object({
  score: z.number().nullable(),
  reason: z.string().nullable(),
  verdict: z.enum(VERDICTS).nullable(),
  wording: z.string().nullable(),
  change: z.number().nullable(),
  /** Where the score can lie when an item is open; both ends equal the score otherwise. */
  range: z.object({ low: z.number(), high: z.number() }).nullable(),
  answered: z.number(),
  instrument: z.object({
    id: z.string(),
    version: z.number(),
    better: z.enum(['up', 'down']),
    mdc: z.number(),
    mcid: z.number(),
    source: z.string(),
    itemsShipped: z.boolean(),
  }),
})
export type ScoreOutput = z.infer<typeof ScoreOutput>

/**
 * Scores one filled instrument and, with a baseline, judges the change.
 *
 * @throws Refusal `invalid-input` when an answer or the number of items can not belong to the instrument.
 */
export function scoreInstrument(input: ScoreInput): ScoreOutput {
  const instrument = INSTRUMENTS[input.instrument]
  checkInput(instrument, input)
  const { id, version, better, mdc, mcid, source, itemsShipped } = instrument
  const answers = input.items.filter((item) => item !== null)
  const shared = { answered: answers.length, instrument: { id, version, better, mdc, mcid, source, itemsShipped } }
  const needed = instrument.minAnswered === 'all' ? input.items.length : instrument.minAnswered
  if (answers.length < needed) {
    const reason = `${answers.length} of ${input.items.length} items answered; ${instrument.title} needs ${needed}. ${instrument.missingRule}`
    return { ...shared, score: null, reason, verdict: null, wording: null, change: null, range: null }
  }
  const sum = answers.reduce((total, answer) => total + answer, 0)
  const score = round(instrument.formula === 'mean' ? sum / answers.length : sum)
  // Only a sum is moved by an open item; a mean of the rated items is what the instrument asks for.
  const open = instrument.formula === 'sum' ? input.items.length - answers.length : 0
  const range = { low: round(score + open * instrument.itemRange[0]), high: round(score + open * instrument.itemRange[1]) }
  const reason = open === 0 ? null : `${open} item open: the score lies between ${range.low} and ${range.high}. ${instrument.missingRule}`
  const verdict = input.baseline === undefined ? null : judgeRange(instrument, input.baseline, range)
  return {
    ...shared,
    score,
    reason,
    verdict,
    wording: verdict === null ? null : WORDINGS[verdict],
    change: input.baseline === undefined ? null : round(score - input.baseline),
    range,
  }
}

function checkInput(instrument: Instrument, input: ScoreInput): void {
  const [min, max] = instrument.itemRange
  if (!instrument.itemCounts.includes(input.items.length)) {
    throw new Refusal(
      'invalid-input',
      `${instrument.title} has ${instrument.itemCounts.join(' or ')} items, not ${input.items.length}. Give null for an item without an answer.`,
    )
  }
  const bad = input.items.findIndex((item) => item !== null && !(Number.isInteger(item) && item >= min && item <= max))
  if (bad >= 0)
    throw new Refusal('invalid-input', `Item ${bad + 1} of ${instrument.title} must be a whole number from ${min} to ${max}, or null.`)
  const [low, high] = instrument.scoreRange
  if (input.baseline !== undefined && !(input.baseline >= low && input.baseline <= high)) {
    throw new Refusal('invalid-input', `The baseline of ${instrument.title} must lie between ${low} and ${high}.`)
  }
}

function judgeRange(instrument: Instrument, baseline: number, range: { low: number; high: number }): Verdict {
  const atLow = judgeChange(instrument, baseline, range.low)
  return atLow === judgeChange(instrument, baseline, range.high) ? atLow : 'uncertain'
}

/**
 * Below the error of the measure nothing has changed, whatever the MCID (where the MCID is smaller than the MDC the error wins).
 * Signs follow the instrument: less pain and more function are both "better".
 */
export function judgeChange(measure: Pick<Instrument, 'better' | 'mdc' | 'mcid'>, baseline: number, now: number): Verdict {
  const gain = round(measure.better === 'up' ? now - baseline : baseline - now)
  if (Math.abs(gain) < measure.mdc) return 'no-change-beyond-error'
  if (gain < 0) return 'worse'
  return gain >= measure.mcid ? 'responder' : 'uncertain'
}

export const WORDINGS: Readonly<Record<Verdict, string>> = {
  'no-change-beyond-error': 'No change beyond error',
  responder: 'Better by at least the clinically important difference',
  uncertain: 'Uncertain: more than error, less than clinically important, or an open item decides',
  worse: 'Worse beyond error: the therapist looks at it',
  'not-comparable': 'Can not be compared with the baseline: other activities were rated',
}

/** Two decimals, and no trace of binary fractions at the borders of MDC and MCID. */
export function round(value: number): number {
  return Math.round(value * 100) / 100 + 0
}
