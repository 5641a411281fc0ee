import { LEXICON } from './lexicon.data.ts'
import type { LexiconEntry } from './lexicon.data.ts'
import { BORDERS, CLAUSE_STARTS, CUES_AFTER, FINITE_VERBS, HAVING_VERBS, LIST_CUES, PSEUDO_CUES } from './negation.data.ts'

export interface TextHit {
  readonly item: string
  readonly strength: LexiconEntry['strength']
}

/** Longest text that is read; longer input is refused at the door. */
export const MAX_FREE_TEXT = 4_000
/** Words a "not" reaches past a verb that is not one of having or feeling. */
const NEAR_WORDS = 1
const LIST_WORDS = 12

const PATTERNS = LEXICON.map((entry) => ({ entry, matcher: new RegExp(`\\b${entry.pattern}\\b`, 'g') }))

/** Red-flag items that a free text points at, without those it negates. It can only find, never clear. */
export function readFreeText(text: string): readonly TextHit[] {
  const found = new Map<string, TextHit>()
  for (const sentence of sentencesOf(text.slice(0, MAX_FREE_TEXT))) {
    for (const { entry, matcher } of PATTERNS) {
      if (found.get(entry.item)?.strength === 'plain') continue
      for (const match of sentence.matchAll(matcher)) {
        const end = match.index + match[0].length
        if (isNegatedBefore(sentence.slice(0, match.index)) || CUES_AFTER.test(sentence.slice(end))) continue
        if (entry.strength === 'plain' || !found.has(entry.item)) found.set(entry.item, { item: entry.item, strength: entry.strength })
      }
    }
  }
  return [...found.values()]
}

function sentencesOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘`]/g, '\'')
    .replace(/\bcan'?t\b|\bcannot\b/g, 'can not')
    .replace(/\bwon'?t\b/g, 'will not')
    .replace(/\b(do|does|did|is|are|was|were|have|has|had|could|would|should)n'?t\b/g, '$1 not')
    .replace(/\bw\/o\b/g, 'without')
    .replace(/\banymore\b/g, 'any more')
    .split(/[.;!\n\r¡]+/)
    .map((part) => part.replace(/[^\p{L}\p{N},:?\-/' ]/gu, ' ').replace(/\s+/g, ' ').trim())
    .filter((part) => part !== '')
}

/** Looks left of a symptom for a cue whose scope still reaches it. */
function isNegatedBefore(left: string): boolean {
  const scope = lastStatement(left.replace(PSEUDO_CUES, ' '))
  const words = scope.split(/[ ,:/?-]+/).filter((word) => word !== '')
  return words.some((word, at) => {
    const distance = words.length - 1 - at
    if (LIST_CUES.test(word)) return distance <= LIST_WORDS
    if (word !== 'no' && word !== 'not' && word !== 'nadie') return false
    const next = words.slice(at + 1, at + 4)
    const carries = (word === 'no' && !SPANISH_VERB.test(next[0] ?? '')) || next.some((other) => HAVING_VERBS.test(other))
    return distance <= (carries ? LIST_WORDS : NEAR_WORDS)
  })
}

/** First person verbs after Spanish "no", as far as the cue could be mistaken for the English determiner. */
const SPANISH_VERB = /^(?:puedo|pude|duermo|camino|aguanto|controlo|logro|quiero|se|me|trabajo|estoy|como|hago|salgo|voy|debo|creo|le|lo)$/

/** The part of a sentence that belongs to the same statement as what follows it. */
function lastStatement(left: string): string {
  let start = 0
  for (const border of left.matchAll(BORDERS)) start = border.index + border[0].length
  for (const joint of left.matchAll(/,|\b(?:and|or|y|o|e)\b/g)) {
    const rest = left.slice(joint.index + joint[0].length).trim()
    const part = rest.split(/,|\b(?:and|or|y|o)\b/)[0]?.trim() ?? ''
    const first = part.split(' ')[0] ?? ''
    const opensStatement = CLAUSE_STARTS.test(first) || FINITE_VERBS.test(part)
    if (opensStatement) start = Math.max(start, joint.index + joint[0].length)
  }
  return left.slice(start)
}
