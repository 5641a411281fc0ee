import { z } from 'zod'

import { absent, factOf } from './fact.ts'
import type { Candidate, Fact } from './fact.ts'
import type { BenefitLine, Message } from './model.ts'
import { answerByNetwork, bucketsOf, tierOf } from './select.ts'
import type { Bucket, ByNetwork } from './select.ts'
import { readAuthorizationText, readReferralText } from './text.ts'
import type { AuthorizationText } from './text.ts'

export const AUTHORIZATION = ['Y', 'N', 'unknown', 'conflict'] as const
export type AuthorizationValue = (typeof AUTHORIZATION)[number]

export const Authorization = factOf(z.enum(AUTHORIZATION), 'AuthorizationFact')
  .extend({
    /** Visits before authorization is needed, when a text names a number. */
    afterVisits: z.number().nullable(),
    /** Texts about authorization, verbatim. */
    texts: z.array(z.string()),
  })
  .meta({ id: 'EligibilityAuthorization' })

export const ReferralFact = factOf(z.enum(['Y', 'N', 'unknown']), 'ReferralFact')
export type Authorization = Fact<AuthorizationValue> & { afterVisits: number | null; texts: string[] }

const NOT_STATED = 'The answer does not say whether authorization is needed; that does not mean it is not. Ask the payer.'

/**
 * EB11 of the therapy lines, checked against the texts (X12 RFI 2411: Y, N or U may be sent, absence means nothing).
 * Y on one line and N on another of the same service type and network is a conflict, not a majority.
 */
export function readAuthorization(
  lines: readonly BenefitLine[],
  all: readonly BenefitLine[],
  placeOfService: string,
): Record<Bucket, Authorization> {
  const coded = answerByNetwork<'Y' | 'N' | 'U'>(lines, {
    general: 'ignore',
    placeOfService,
    levels: [],
    ifNone: NOT_STATED,
    read: (line) => (line.authorization === '' ? [] : [{ value: line.authorization, certainty: 'stated', source: line.source }]),
  })
  const of = (bucket: Bucket): Authorization => {
    const here = lines.filter((line) => tierOf(line)?.therapy === true && bucketsOf(line).includes(bucket))
    const texts = readAuthorizationText(here.flatMap((line) => line.messages))
    const weighed = weigh(coded[bucket], texts)
    const procedures = all.filter(
      (line) => line.procedure !== '' && line.authorization === 'Y' && line.malformed.length === 0 && bucketsOf(line).includes(bucket),
    )
    return procedures.length > 0 && weighed.value === 'N'
      ? contradict(
          weighed,
          'Some procedures are stated to need authorization.',
          procedures.map((line) => line.source),
        )
      : weighed
  }
  return { in: of('in'), out: of('out'), unstated: of('unstated') }
}

function weigh(coded: Fact<'Y' | 'N' | 'U'>, texts: readonly AuthorizationText[]): Authorization {
  const afterVisits = texts.find((text) => text.afterVisits !== null)?.afterVisits ?? null
  const extra = { afterVisits, texts: texts.map((text) => text.message.text).slice(0, 20) }
  const sources = texts.map((text) => text.message.source)
  const base: Authorization = {
    ...coded,
    value: settle(coded),
    options: coded.options.map((option) => ({ ...option, value: option.value === 'U' ? 'unknown' : option.value })),
    ...extra,
  }
  if (base.value === 'conflict') return base
  if (base.value === 'N' && texts.some((text) => text.says !== 'not-required'))
    return contradict(base, 'EB11 says N, but a message speaks of authorization: read it and ask.', sources)
  if (base.value === 'Y') {
    if (texts.some((text) => text.says === 'not-required'))
      return contradict(base, 'EB11 says Y, but a message says the opposite.', sources)
    const free = afterVisits === null ? [] : [`A message names ${afterVisits} visits: read it.`]
    return {
      ...base,
      certainty: coded.value === null ? 'derived' : base.certainty,
      note: [base.note, ...free].join(' ').trim(),
      also: [...base.also, ...sources],
    }
  }
  if (base.value === 'N' || texts.length === 0)
    return { ...base, note: base.value === 'N' || base.note !== '' ? base.note : 'The payer answers U: not known. Ask the payer.' }
  return fromText(base, coded, texts)
}

/** Several codes on lines of one service type: Y beside N contradict; U never makes an N certain. */
function settle(coded: Fact<'Y' | 'N' | 'U'>): AuthorizationValue {
  if (coded.value !== null) return coded.value === 'U' ? 'unknown' : coded.value
  const values = new Set(coded.options.map((option) => option.value))
  if (values.has('Y') && values.has('N')) return 'conflict'
  return values.has('Y') ? 'Y' : 'unknown'
}

/** EB11 is absent or U and texts speak of authorization. U stays unknown; a plain sentence answers only where EB11 is absent. */
function fromText(base: Authorization, coded: Fact<'Y' | 'N' | 'U'>, texts: readonly AuthorizationText[]): Authorization {
  const sources = texts.map((text) => text.message.source)
  const says = new Set(texts.map((text) => text.says))
  if (coded.certainty === 'absent' && says.has('required') && says.has('not-required'))
    return contradict(base, 'Messages contradict each other.', sources)
  const plain = coded.certainty === 'absent' && says.size === 1 && !says.has('unclear')
  const value = !plain ? 'unknown' : says.has('required') ? 'Y' : 'N'
  const line = texts[0]?.message.benefit ?? null
  return {
    ...base,
    value,
    certainty: 'text',
    source: base.source ?? line,
    also: [...base.also, ...sources],
    note:
      value === 'unknown'
        ? 'A message speaks of authorization but does not settle it: read it and ask the payer.'
        : 'Read from a message, not from a coded element: confirm with the payer.',
  }
}

function contradict(base: Authorization, note: string, also: Authorization['also']): Authorization {
  return { ...base, value: 'conflict', certainty: 'conflict', note, also: [...base.also, ...also] }
}

/** No element of a 271 says whether a referral is needed; only texts do. */
export function readReferral(lines: readonly BenefitLine[], placeOfService: string): ByNetwork<'Y' | 'N' | 'unknown'> {
  return answerByNetwork<'Y' | 'N' | 'unknown'>(lines, {
    general: 'ignore',
    placeOfService,
    levels: [],
    ifNone: 'The answer does not say whether a referral is needed.',
    read: (line) => line.messages.flatMap((message) => offer(message)),
  })
}

function offer(message: Message): Candidate<'Y' | 'N' | 'unknown'>[] {
  const value = readReferralText(message)
  return value === null ? [] : [{ value, certainty: 'text', source: message.source, note: message.text.slice(0, 200) }]
}

export function unknownAuthorization(note: string): Authorization {
  return { ...absent<AuthorizationValue>(note), value: 'unknown', afterVisits: null, texts: [] }
}
