import { BODY_REGIONS, Refusal } from '@gonio/sdk'
import type { BodyRegion } from '@gonio/sdk'
import { z } from 'zod'

import { evaluate } from './condition.ts'
import type { FlagAnswer } from './condition.ts'
import { MAX_FREE_TEXT, readFreeText } from './free-text.ts'
import type { TextHit } from './free-text.ts'
import { findItem, RED_FLAG_ITEMS } from './red-flag-items.data.ts'
import { RED_FLAG_RULES } from './red-flag-rules.data.ts'
import type { FlagLevel, RedFlagRule } from './red-flag-rules.data.ts'
import { FLAG_WORDING } from './texts.data.ts'

export const CheckInput = z.object({
  bodyRegion: z.enum(BODY_REGIONS),
  answers: z.record(z.string().max(60), z.enum(['yes', 'no', 'unsure', 'skipped'])).default({}),
  freeText: z.string().max(MAX_FREE_TEXT).optional(),
  age: z.number().int().min(0).max(130).optional(),
  weeksSinceSurgery: z.number().min(0).max(5_200).optional(),
  phq9Item9: z.number().int().min(0).max(3).optional(),
  language: z.enum(['en', 'es']).default('en'),
})
export type CheckInput = z.input<typeof CheckInput>

export const RaisedFlag = z.object({
  rule: z.string(),
  version: z.number(),
  level: z.enum(['E', 'D', 'T']),
  title: z.string(),
  because: z.string(),
  items: z.array(z.string()),
  source: z.string(),
  checkedOn: z.string(),
})
export type RaisedFlag = z.infer<typeof RaisedFlag>

export const CheckOutput = z.object({
  level: z.enum(['none', 'T', 'D', 'E']),
  flags: z.array(RaisedFlag),
  unresolved: z.array(z.string()),
  wording: z.string(),
})
export type CheckOutput = z.infer<typeof CheckOutput>

/** Wells 2003 counts surgery of the last 12 weeks. */
const SURGERY_WEEKS = 12

/**
 * Runs every red-flag rule over closed answers and free text.
 *
 * @throws Refusal `invalid-input` for an item id that is not known; the message lists the known ones.
 */
export function checkRedFlags(raw: CheckInput): CheckOutput {
  const input = CheckInput.parse(raw)
  const unknown = Object.keys(input.answers).filter((id) => findItem(id) === undefined)
  if (unknown.length > 0) {
    const known = RED_FLAG_ITEMS.map((item) => item.id)
    throw new Refusal('invalid-input', `${unknown.length} item ids are not known. Use only these: ${known.join(', ')}.`, { known })
  }
  const answers = new Map<string, FlagAnswer>(Object.entries(input.answers))
  if (input.weeksSinceSurgery !== undefined && input.weeksSinceSurgery <= SURGERY_WEEKS) answers.set('recent-surgery-12-weeks', 'yes')
  if (input.phq9Item9 !== undefined && input.phq9Item9 >= 1) answers.set('self-harm-thoughts', 'yes')
  const result = findFlags({
    region: input.bodyRegion,
    age: input.age ?? null,
    answers,
    texts: input.freeText === undefined ? [] : [input.freeText],
    hintsCount: true,
  })
  return { ...result, wording: wordingOf(result, input.language) }
}

export interface FlagFacts {
  readonly region: BodyRegion
  readonly age: number | null
  readonly answers: ReadonlyMap<string, FlagAnswer>
  readonly texts: readonly string[]
  /** False while the interview can still ask the closed question that a hint raised. */
  readonly hintsCount: boolean
}

/** The one engine behind the interview and `intake.check-red-flags`: same answers, same flags. */
export function findFlags(facts: FlagFacts): Omit<CheckOutput, 'wording'> {
  const hits = facts.texts.flatMap((text) => readFreeText(text))
  const answers = mergeHits(facts, hits)
  const flags = RED_FLAG_RULES.flatMap((rule) => {
    const { holds, items } = evaluate(rule.when, { ...facts, answers }, rule.level === 'E' || rule.unsureIsYes === true)
    return holds ? [raise(rule, items)] : []
  })
  const flagged = new Set(flags.flatMap((flag) => flag.items))
  const disagreeing = hits.filter((hit) => hit.strength === 'hint' && facts.answers.get(hit.item) === 'no').map((hit) => hit.item)
  if (disagreeing.length > 0)
    flags.push(ownFlag('text-disagrees', 'The written answer and the button say different things', [...new Set(disagreeing)].toSorted()))
  const unresolved = [...answers]
    .filter(([id, answer]) => answer === 'skipped' || (answer === 'unsure' && !flagged.has(id)))
    .map(([id]) => id)
    .toSorted()
  if (unresolved.length > 0) flags.push(ownFlag('unresolved', 'Not answered for sure: ask again', unresolved))
  return { level: highest(flags), flags, unresolved }
}

function mergeHits(facts: FlagFacts, hits: readonly TextHit[]): ReadonlyMap<string, FlagAnswer> {
  const answers = new Map(facts.answers)
  for (const hit of hits) {
    const closed = answers.get(hit.item)
    if (hit.strength === 'plain') answers.set(hit.item, 'yes')
    else if (facts.hintsCount && (closed === undefined || closed === 'skipped')) answers.set(hit.item, 'unsure')
  }
  return answers
}

function raise(rule: RedFlagRule, items: readonly string[]): RaisedFlag {
  const { id, version, level, title, source, checkedOn } = rule
  return {
    rule: id,
    version,
    level,
    title,
    because: items.length === 0 ? title : `Reported or not ruled out: ${items.join(', ')}`,
    items: [...items],
    source,
    checkedOn,
  }
}

function ownFlag(rule: string, title: string, items: readonly string[]): RaisedFlag {
  return {
    rule,
    version: 1,
    level: 'T',
    title,
    because: `${title}: ${items.join(', ')}`,
    items: [...items],
    source: 'Gonio intake: doubt goes to a person',
    checkedOn: '2026-11-24',
  }
}

function highest(flags: readonly { readonly level: FlagLevel }[]): CheckOutput['level'] {
  return (['E', 'D', 'T'] as const).find((level) => flags.some((flag) => flag.level === level)) ?? 'none'
}

function wordingOf(result: Omit<CheckOutput, 'wording'>, language: 'en' | 'es'): string {
  const main = FLAG_WORDING[result.level][language]
  return result.unresolved.length === 0 ? main : `${main} ${FLAG_WORDING.unresolved[language]}`
}
