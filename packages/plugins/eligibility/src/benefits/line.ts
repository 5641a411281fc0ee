import type { Segment } from '../x12/index.ts'
import { BENEFIT_INFO, COVERAGE_LEVELS, PERIODS, QUANTITIES } from './codes.data.ts'
import { knowsCode } from './lookup.ts'
import type { BenefitLine, Source } from './model.ts'

export function sourceOf(segment: Segment): Source {
  return { segment: segment.position, text: segment.text.slice(0, 1_000) }
}

/** Reads one EB. A line whose elements are shifted or not of their type gives its text and the reasons, and no number at all. */
export function readLine(eb: Segment): BenefitLine {
  const malformed = findFaults(eb)
  const sound = malformed.length === 0
  const authorization = eb.element(11)
  const network = eb.element(12)
  return {
    source: sourceOf(eb),
    info: eb.element(1),
    level: eb.element(2),
    serviceTypes: [...eb.repetitions(3)],
    insuranceType: sound ? eb.element(4) : '',
    planName: sound ? eb.element(5) : '',
    period: sound ? eb.element(6) : '',
    amount: sound ? readNumber(eb.element(7)) : null,
    percent: sound ? readPercent(eb.element(8)) : null,
    percentAsFraction: sound && eb.element(8) !== '' && Number(eb.element(8)) < 1,
    quantityQualifier: sound ? eb.element(9) : '',
    quantity: sound ? readNumber(eb.element(10)) : null,
    authorization: sound && (authorization === 'Y' || authorization === 'N' || authorization === 'U') ? authorization : '',
    network: sound && (network === 'Y' || network === 'N' || network === 'U' || network === 'W') ? network : '',
    procedure: sound ? eb.element(13) : '',
    malformed,
    placesOfService: [],
    deliveries: [],
    references: [],
    dates: [],
    messages: [],
    rejects: [],
    entities: [],
  }
}

/** R and N elements of X12: digits with at most one point, no sign here: a negative benefit means nothing. */
export function readNumber(text: string): number | null {
  if (!/^(\d{1,15}(\.\d{0,6})?|\.\d{1,6})$/.test(text)) return null
  return Number(text)
}

/** EB08 is a fraction (0.2 = 20 %), yet payers also send 20. Answers percent; what cannot be either is null. */
function readPercent(text: string): number | null {
  const value = readNumber(text)
  if (value === null || value > 100) return null
  return value > 1 ? value : Math.round(value * 1e6) / 1e4
}

const SHORT_CODE = /^\d{1,2}$/

/** What is wrong with the elements of an EB, by name. Senders that drop or add a separator shift all that follows. */
function findFaults(eb: Segment): string[] {
  const at = (n: number): string => eb.element(n)
  if (!eb.terminated) return ['the line is cut off']
  const faults: string[] = []
  const check = (ok: boolean, fault: string): void => {
    if (!ok) faults.push(fault)
  }
  check(knowsCode(BENEFIT_INFO, at(1)), 'EB01 is not a kind of benefit')
  check(at(2) === '' || knowsCode(COVERAGE_LEVELS, at(2)), 'EB02 is not a coverage level')
  check(!eb.repetitions(3).some((code) => code.length > 3 || knowsCode(COVERAGE_LEVELS, code)), 'EB03 is not a service type')
  check(!(SHORT_CODE.test(at(4)) && knowsCode(PERIODS, at(4))), 'EB04 holds a period: elements are shifted')
  check(at(6) === '' || knowsCode(PERIODS, at(6)), 'EB06 is not a period')
  check(!(at(6) === '' && SHORT_CODE.test(at(5)) && knowsCode(PERIODS, at(5))), 'EB05 holds a period: elements are shifted')
  check(at(7) === '' || readNumber(at(7)) !== null, 'EB07 is not an amount')
  check(at(8) === '' || readPercent(at(8)) !== null, 'EB08 is not a percentage')
  check(at(9) === '' || knowsCode(QUANTITIES, at(9)), 'EB09 is not a kind of quantity')
  check(at(10) === '' || readNumber(at(10)) !== null, 'EB10 is not a quantity')
  check((at(9) === '') === (at(10) === ''), 'EB09 and EB10 must come together')
  check(['', 'Y', 'N', 'U'].includes(at(11)), 'EB11 is not Y, N or U')
  check(['', 'Y', 'N', 'U', 'W'].includes(at(12)), 'EB12 is not Y, N, U or W')
  check(!(['B', 'C', 'G'].includes(at(1)) && at(7) !== '' && at(8) !== ''), 'EB07 and EB08 are both present')
  check(!(at(1) === 'A' && at(7) !== '' && at(8) === ''), 'a coinsurance line has an amount in EB07 and no percentage in EB08')
  check(at(13) === '' || eb.components(13).length >= 2, 'EB13 is not a procedure: elements may be shifted')
  check(eb.elements.length <= 15, 'more elements than an EB has')
  return faults
}
