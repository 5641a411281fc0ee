import type { BodyRegion } from '@gonio/sdk'

/** A `skipped` answer was shown and left open; an item that is absent was never asked. */
export type FlagAnswer = 'yes' | 'no' | 'unsure' | 'skipped'

export interface Facts {
  readonly region: BodyRegion
  /** Full years; null when the birth date is not known. */
  readonly age: number | null
  readonly answers: ReadonlyMap<string, FlagAnswer>
}

/**
 * When a rule holds, as data. `sure` and `denied` are for protective findings: only a plain "yes" protects, and "no" and "unsure" both
 * mean that the protection is not there.
 */
export type Condition =
  | { readonly item: string }
  | { readonly denied: string }
  | { readonly sure: string }
  | { readonly unanswered: string }
  | { readonly regions: readonly BodyRegion[] }
  | { readonly ageOver: number }
  | { readonly ageUnknown: true }
  | { readonly points: Readonly<Record<string, number>>; readonly from?: number; readonly to?: number }
  | { readonly any: readonly Condition[] }
  | { readonly all: readonly Condition[] }
  | { readonly none: readonly Condition[] }
  | { readonly atLeast: number; readonly of: readonly Condition[] }

export interface Verdict {
  readonly holds: boolean
  /** The items that made it hold. */
  readonly items: readonly string[]
}

const NO: Verdict = { holds: false, items: [] }
const verdict = (holds: boolean, ...items: readonly string[]): Verdict => (holds ? { holds, items } : NO)

/** @param unsureIsYes "unsure" counts as yes for rules of level E (a person in doubt is treated as the worse case). */
export function evaluate(condition: Condition, facts: Facts, unsureIsYes: boolean): Verdict {
  const { answers, age } = facts
  const again = (inner: Condition): Verdict => evaluate(inner, facts, unsureIsYes)
  const positive = (item: string): boolean => answers.get(item) === 'yes' || (unsureIsYes && answers.get(item) === 'unsure')
  if ('item' in condition) return verdict(positive(condition.item), condition.item)
  if ('sure' in condition) return verdict(answers.get(condition.sure) === 'yes', condition.sure)
  if ('denied' in condition)
    return verdict(answers.get(condition.denied) === 'no' || answers.get(condition.denied) === 'unsure', condition.denied)
  if ('unanswered' in condition) return verdict(!answers.has(condition.unanswered) || answers.get(condition.unanswered) === 'skipped')
  if ('regions' in condition) return verdict(condition.regions.includes(facts.region))
  if ('ageOver' in condition) return verdict(age !== null && age > condition.ageOver)
  if ('ageUnknown' in condition) return verdict(age === null)
  if ('points' in condition) {
    // Points taken off (an alternative diagnosis) need a plain yes: doubt never lowers a score.
    const counted = Object.entries(condition.points).filter(([item, points]) => (points > 0 ? positive(item) : answers.get(item) === 'yes'))
    const score = counted.reduce((sum, [, points]) => sum + points, 0)
    return verdict(score >= (condition.from ?? -Infinity) && score <= (condition.to ?? Infinity), ...counted.map(([item]) => item))
  }
  if ('none' in condition) return verdict(condition.none.every((inner) => !again(inner).holds))
  const parts = ('any' in condition ? condition.any : 'all' in condition ? condition.all : condition.of)
    .map(again)
    .filter((part) => part.holds)
  const needed = 'any' in condition ? 1 : 'all' in condition ? condition.all.length : condition.atLeast
  return verdict(parts.length >= needed, ...new Set(parts.flatMap((part) => part.items)))
}

/** Every item id a condition looks at. */
export function itemsOf(condition: Condition): readonly string[] {
  if ('item' in condition) return [condition.item]
  if ('sure' in condition) return [condition.sure]
  if ('denied' in condition) return [condition.denied]
  if ('unanswered' in condition) return [condition.unanswered]
  if ('points' in condition) return Object.keys(condition.points)
  const inner =
    'any' in condition
      ? condition.any
      : 'all' in condition
        ? condition.all
        : 'none' in condition
          ? condition.none
          : 'of' in condition
            ? condition.of
            : []
  return inner.flatMap(itemsOf)
}
