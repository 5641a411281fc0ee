import type { Findings, Segment } from '../x12/index.ts'
import { ENTITY_ROLES, FOLLOW_UPS, PERIODS, QUANTITIES, REJECT_REASONS } from './codes.data.ts'
import { readNumber, sourceOf } from './line.ts'
import { knowsCode, meaningOf } from './lookup.ts'
import type { Delivery, Entity, Period, Reject, Source } from './model.ts'

/** CCYYMMDD to ISO; null when it is no day of the calendar. */
export function readDate(text: string): string | null {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (match === null) return null
  const iso = `${match[1]}-${match[2]}-${match[3]}`
  const time = Date.parse(`${iso}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? null : iso
}

/** DTP: a day (D8) or a range (RD8). */
export function readPeriod(dtp: Segment, findings: Findings): Period {
  const [first, second] = dtp.element(3).split('-')
  const range = dtp.element(2) === 'RD8'
  const from = readDate(first ?? '')
  const to = range ? readDate(second ?? '') : from
  if (from === null || to === null) findings.add('bad-date', 'warning', dtp, `DTP at segment ${dtp.position} holds no readable date.`)
  return { qualifier: dtp.element(1), from, to, source: sourceOf(dtp) }
}

export function readReject(aaa: Segment, level: Reject['level'], findings: Findings): Reject {
  const code = aaa.element(3)
  const reason = knowsCode(REJECT_REASONS, code) ? REJECT_REASONS[code] : undefined
  const follow = knowsCode(FOLLOW_UPS, aaa.element(4)) ? FOLLOW_UPS[aaa.element(4)] : undefined
  if (reason === undefined) findings.add('unknown-code', 'warning', aaa, `AAA03 at segment ${aaa.position} is not a known reason.`)
  return {
    level,
    code,
    reason: reason?.text ?? 'a reason that is not in our table: ask the payer',
    followUp: follow?.text ?? 'not stated',
    again: follow?.again ?? 'unknown',
    whoActs: reason?.who ?? 'unknown',
    source: sourceOf(aaa),
  }
}

const HSD_PER: readonly string[] = ['', 'DA', 'MO', 'VS', 'WK', 'YR']

/** HSD with the checks of an EB: shifted elements give no quantity. */
export function readDelivery(hsd: Segment, findings: Findings): Delivery {
  const at = (n: number): string => hsd.element(n)
  const whole = (n: number): boolean => at(n) === '' || readNumber(at(n)) !== null
  const sound =
    knowsCode(QUANTITIES, at(1)) &&
    readNumber(at(2)) !== null &&
    HSD_PER.includes(at(3)) &&
    whole(4) &&
    whole(6) &&
    (at(5) === '' ? at(6) === '' : knowsCode(PERIODS, at(5)))
  if (!sound) findings.add('malformed-benefit', 'error', hsd, `HSD at segment ${hsd.position} is malformed and was not read.`)
  return {
    quantityQualifier: hsd.element(1),
    quantity: sound ? readNumber(hsd.element(2)) : null,
    per: hsd.element(3),
    perCount: readNumber(hsd.element(4)),
    period: hsd.element(5),
    periodCount: readNumber(hsd.element(6)),
    source: sourceOf(hsd),
  }
}

export function readEntity(nm1: Segment, benefit: Source | null): Entity {
  const role = nm1.element(1)
  const name = [nm1.element(4), nm1.element(3)].filter((part) => part !== '').join(' ')
  return { role, meaning: meaningOf(ENTITY_ROLES, role), name, id: nm1.element(9), phones: [], source: sourceOf(nm1), benefit }
}

/** PER names up to three numbers, each after its kind. */
export function readPhones(per: Segment): string[] {
  return [3, 5, 7].filter((n) => per.element(n + 1) !== '').map((n) => `${per.element(n)} ${per.element(n + 1)}`)
}
