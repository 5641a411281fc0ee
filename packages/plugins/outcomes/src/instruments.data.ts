export const INSTRUMENT_IDS = ['nprs', 'psfs', 'lefs'] as const
export type InstrumentId = (typeof INSTRUMENT_IDS)[number]

/** A self-report instrument as data: how it is scored, what counts as change, and where each number comes from. */
export interface Instrument {
  readonly id: InstrumentId
  readonly version: number
  readonly title: string
  readonly formula: 'sum' | 'mean'
  /** Numbers of items that may be given; an unanswered item is null. */
  readonly itemCounts: readonly number[]
  readonly itemRange: readonly [min: number, max: number]
  readonly scoreRange: readonly [min: number, max: number]
  readonly better: 'up' | 'down'
  /** Fewest answered items for a score; `all` = every item given. */
  readonly minAnswered: number | 'all'
  readonly missingRule: string
  /** Minimal detectable change: less is measurement error. */
  readonly mdc: number
  /** Minimal clinically important difference. */
  readonly mcid: number
  readonly source: string
  /** False: the wording is someone else's. The clinic brings its own licensed form; only the formula ships. */
  readonly itemsShipped: boolean
  readonly license: string
  readonly effectiveFrom: string
  readonly checkedOn: string
}

const dated = { version: 1, effectiveFrom: '2026-01-01', checkedOn: '2026-11-24' } as const

export const INSTRUMENTS: Readonly<Record<InstrumentId, Instrument>> = {
  nprs: {
    ...dated,
    id: 'nprs',
    title: 'Numeric Pain Rating Scale',
    formula: 'mean',
    itemCounts: [1, 3],
    itemRange: [0, 10],
    scoreRange: [0, 10],
    better: 'down',
    minAnswered: 'all',
    missingRule: 'One rating, or the mean of now, best and worst of the last 24 hours; a missing rating gives no score.',
    mdc: 2,
    mcid: 2,
    source: 'Childs 2005 (low back pain: MDC 2, MCID 2); Farrar 2001 (2 points or 30 %)',
    itemsShipped: true,
    license: 'Free to use',
  },
  psfs: {
    ...dated,
    id: 'psfs',
    title: 'Patient-Specific Functional Scale',
    formula: 'mean',
    itemCounts: [3, 4, 5],
    itemRange: [0, 10],
    scoreRange: [0, 10],
    better: 'up',
    minAnswered: 3,
    missingRule: 'Mean of the rated activities, at least three; a follow-up rates the same activities.',
    mdc: 2,
    mcid: 2,
    source: 'Stratford 1995 (MDC90 2 for the mean); Cleland 2006 (MCID 2.0, cervical radiculopathy)',
    itemsShipped: true,
    license: 'No fixed items: the patient names the activities',
  },
  lefs: {
    ...dated,
    id: 'lefs',
    title: 'Lower Extremity Functional Scale',
    formula: 'sum',
    itemCounts: [20],
    itemRange: [0, 4],
    scoreRange: [0, 80],
    better: 'up',
    // No missing rule is published. The open item is neither guessed nor prorated: the score is the sum of the 19 answers, returned with the
    // range it can lie in, and a verdict is given only where both ends of that range agree.
    minAnswered: 19,
    missingRule: 'None published (Binkley 1999). 20 answers: sum. 19: sum with its possible range, not prorated. Fewer: no score.',
    mdc: 9,
    mcid: 9,
    source: 'Binkley 1999 (MDC90 9, MCID 9)',
    itemsShipped: false,
    license: 'Copyright Binkley 1996: upload the form your clinic may use',
  },
}

export function findInstrument(code: string): Instrument | undefined {
  return Object.values(INSTRUMENTS).find((instrument) => instrument.id === code)
}
