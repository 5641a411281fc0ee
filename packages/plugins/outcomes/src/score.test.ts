import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { INSTRUMENT_IDS, INSTRUMENTS } from './instruments.data.ts'
import { judgeChange, scoreInstrument } from './score.ts'
import type { Verdict } from './score.ts'

const lefs = (sum: number): (number | null)[] => Array.from({ length: 20 }, (_, at) => Math.max(0, Math.min(4, sum - at * 4)))

describe('golden cases of the scorers', () => {
  it('LEFS 41 to 49 (+8) is no change, to 50 (+9) a responder', () => {
    expect(scoreInstrument({ instrument: 'lefs', items: lefs(49), baseline: 41 })).toMatchObject({
      score: 49,
      change: 8,
      verdict: 'no-change-beyond-error',
    })
    expect(scoreInstrument({ instrument: 'lefs', items: lefs(50), baseline: 41 })).toMatchObject({
      score: 50,
      change: 9,
      verdict: 'responder',
    })
    expect(scoreInstrument({ instrument: 'lefs', items: lefs(31), baseline: 41 })).toMatchObject({ change: -10, verdict: 'worse' })
  })

  it('LEFS with 19 answers is a sum with its range, never prorated, and judged only where the range agrees', () => {
    const items = [...lefs(49).slice(0, 19), null]
    expect(scoreInstrument({ instrument: 'lefs', items })).toMatchObject({ score: 49, range: { low: 49, high: 53 }, answered: 19 })
    expect(scoreInstrument({ instrument: 'lefs', items, baseline: 41 }).verdict).toBe('uncertain')
    expect(scoreInstrument({ instrument: 'lefs', items, baseline: 20 }).verdict).toBe('responder')
  })

  it('LEFS with 18 answers has no score and says why', () => {
    const result = scoreInstrument({ instrument: 'lefs', items: [...lefs(40).slice(0, 18), null, null], baseline: 20 })
    expect(result).toMatchObject({ score: null, verdict: null, change: null })
    expect(result.reason).toMatch(/18 of 20/)
  })

  it('NPRS is better when lower, PSFS when higher', () => {
    expect(scoreInstrument({ instrument: 'nprs', items: [4], baseline: 6 }).verdict).toBe('responder')
    expect(scoreInstrument({ instrument: 'nprs', items: [8], baseline: 6 }).verdict).toBe('worse')
    expect(scoreInstrument({ instrument: 'nprs', items: [5], baseline: 6 }).verdict).toBe('no-change-beyond-error')
    expect(scoreInstrument({ instrument: 'psfs', items: [5, 6, 7], baseline: 4 }).verdict).toBe('responder')
    expect(scoreInstrument({ instrument: 'psfs', items: [1, 2, 3], baseline: 4 }).verdict).toBe('worse')
    expect(scoreInstrument({ instrument: 'psfs', items: [3, 4, 6] }).score).toBe(4.33)
    expect(scoreInstrument({ instrument: 'psfs', items: [3, 4, null] }).score).toBe(null)
    expect(scoreInstrument({ instrument: 'nprs', items: [null] }).score).toBe(null)
  })

  it.each<[string, { better: 'up' | 'down'; mdc: number; mcid: number }, number, number, Verdict]>([
    ['DASH -11', { better: 'down', mdc: 10.8, mcid: 10.8 }, 50, 39, 'responder'],
    ['DASH +11', { better: 'down', mdc: 10.8, mcid: 10.8 }, 39, 50, 'worse'],
    ['MCID below MDC, between them', { better: 'up', mdc: 12.3, mcid: 9 }, 40, 50, 'no-change-beyond-error'],
    ['MCID above MDC, between them', { better: 'up', mdc: 5.7, mcid: 8 }, 40, 46, 'uncertain'],
    ['exactly the MCID, in tenths', { better: 'up', mdc: 0.3, mcid: 0.3 }, 0.1, 0.4, 'responder'],
  ])('%s', (_name, measure, before, now, verdict) => expect(judgeChange(measure, before, now)).toBe(verdict))

  it('refuses answers and counts that can not belong to the instrument', () => {
    expect(() => scoreInstrument({ instrument: 'lefs', items: [...lefs(40).slice(1), 5] })).toThrow(/Item 20/)
    expect(() => scoreInstrument({ instrument: 'lefs', items: lefs(40).slice(1) })).toThrow(/20 items/)
    expect(() => scoreInstrument({ instrument: 'nprs', items: [2.5] })).toThrow(/whole number/)
    expect(() => scoreInstrument({ instrument: 'nprs', items: [2], baseline: 11 })).toThrow(/baseline/)
  })

  it('LEFS item texts are not shipped, and every number has a source', () => {
    expect(INSTRUMENTS.lefs.itemsShipped).toBe(false)
    for (const id of INSTRUMENT_IDS) expect(INSTRUMENTS[id].source).toMatch(/\d{4}/)
  })
})

const filled = fc.constantFrom(...INSTRUMENT_IDS).chain((instrument) => {
  const {
    itemCounts: counts,
    itemRange: [min, max],
  } = INSTRUMENTS[instrument]
  return fc
    .constantFrom(...counts)
    .chain((count) =>
      fc
        .array(fc.option(fc.integer({ min, max }), { freq: 8 }), { minLength: count, maxLength: count })
        .map((items) => ({ instrument, items })),
    )
})

describe('scores', () => {
  it('lie in the range of the instrument or are null with a reason', () => {
    fc.assert(
      fc.property(filled, (input) => {
        const { score, reason, range } = scoreInstrument(input)
        const [low, high] = INSTRUMENTS[input.instrument].scoreRange
        if (score === null) expect(reason).not.toBe(null)
        else
          expect(
            score >= low && score <= high && (range?.low ?? 0) <= score && score <= (range?.high ?? 0) && (range?.high ?? 0) <= high,
          ).toBe(true)
      }),
    )
  })

  it('do not depend on the order of the answers', () => {
    fc.assert(
      fc.property(
        filled.chain((input) =>
          fc.shuffledSubarray(input.items, { minLength: input.items.length }).map((items) => [input, { ...input, items }] as const),
        ),
        ([input, shuffled]) => {
          expect(scoreInstrument(shuffled)).toEqual(scoreInstrument(input))
        },
      ),
    )
  })

  it('never fall when one answer rises', () => {
    fc.assert(
      fc.property(filled, fc.nat(), (input, pick) => {
        const at = pick % input.items.length
        const item = input.items[at]
        const before = scoreInstrument(input).score
        fc.pre(typeof item === 'number' && item < INSTRUMENTS[input.instrument].itemRange[1] && before !== null)
        const after = scoreInstrument({
          ...input,
          items: input.items.map((value, index) => (index === at && value !== null ? value + 1 : value)),
        }).score
        expect(after).toBeGreaterThanOrEqual(before ?? 0)
      }),
    )
  })

  it('swapping baseline and latest swaps better and worse', () => {
    const measure = fc.record({
      better: fc.constantFrom('up' as const, 'down' as const),
      mdc: fc.integer({ min: 1, max: 20 }),
      mcid: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(measure, fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 80 }), (of, a, b) => {
        const forth = judgeChange(of, a, b)
        const back = judgeChange(of, b, a)
        expect(forth === 'no-change-beyond-error').toBe(back === 'no-change-beyond-error')
        if (forth === 'responder' || forth === 'uncertain') expect(back).toBe('worse')
      }),
    )
  })
})
