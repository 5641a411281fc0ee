import { LEXICON } from './lexicon.data.ts'
import type { LexiconEntry } from './lexicon.data.ts'
import { BORDERS, CLAUSE_STARTS, CUES_AFTER, FINITE_VERBS, HAVING_VERBS, INNER_CUE, LIST_CUES, PSEUDO_CUES } from './negation.data.ts'

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
        const negation = findNegation(sentence, match.index, match[0])
        if (negation === 'certain') continue
        const strength = negation === 'doubtful' ? 'hint' : entry.strength
        if (strength === 'plain' || !found.has(entry.item)) found.set(entry.item, { item: entry.item, strength })
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
    .replace(/[’‘`]/g, "'")
    .replace(/\bcan'?t\b|\bcannot\b/g, 'can not')
    .replace(/\bwon'?t\b/g, 'will not')
    .replace(/\b(do|does|did|is|are|was|were|have|has|had|could|would|should)n'?t\b/g, '$1 not')
    .replace(/\bw\/o\b/g, 'without')
    .replace(/\banymore\b/g, 'any more')
    .replace(/\//g, ' or ')
    .split(/[.;!\n\r¡]+/)
    .map((part) =>
      part
        .replace(/[^\p{L}\p{N},:?\-/' ]/gu, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((part) => part !== '')
}

/** Doubtful: "no fever, leaking urine" may go on with the list or start anew; such a hit raises the question instead of nothing. */
function findNegation(sentence: string, at: number, symptom: string): 'certain' | 'doubtful' | 'none' {
  if (INNER_CUE.test(symptom) || CUES_AFTER.test(sentence.slice(at + symptom.length))) return 'certain'
  const scope = lastStatement(sentence.slice(0, at).replace(PSEUDO_CUES, ' '), symptom)
  if (!isCovered(scope)) return 'none'
  const closedList =
    !scope.includes(',') ||
    isCovered(scope.slice(scope.lastIndexOf(','))) ||
    LIST_END.test(scope) ||
    LIST_END.test(sentence.slice(at + symptom.length))
  return closedList || OPEN_LIST_CUE.test(scope) ? 'certain' : 'doubtful'
}

function isCovered(scope: string): boolean {
  const words = scope.split(/[ ,:?-]+/).filter((word) => word !== '')
  return words.some((word, index) => reaches(word, words.slice(index + 1)))
}

/** "no fever, chills or sweats": the conjunction shows that the commas before it were a list. */
const LIST_END = /\b(?:or|nor|and|o|ni|y)\b/
/** Clinicians list after these without a conjunction. */
const OPEN_LIST_CUE = /\b(?:denies|denied|negative|without|niega)\b/

/** True when `word` is a cue whose scope still covers what follows the words after it. */
function reaches(word: string, after: readonly string[]): boolean {
  if (LIST_CUES.test(word)) return after.length <= LIST_WORDS
  if (word !== 'no' && word !== 'not') return false
  const carries = (word === 'no' && !SPANISH_VERB.test(after[0] ?? '')) || after.slice(0, 3).some((other) => HAVING_VERBS.test(other))
  return after.length <= (carries ? LIST_WORDS : NEAR_WORDS)
}

/** First person verbs after Spanish "no", as far as the cue could be mistaken for the English determiner. */
const SPANISH_VERB = /^(?:puedo|pude|duermo|camino|aguanto|controlo|logro|quiero|se|me|trabajo|estoy|como|hago|salgo|voy|debo|creo|le|lo)$/

/** The part of a sentence that belongs to the same statement as the symptom that follows it. */
function lastStatement(left: string, symptom: string): string {
  let start = 0
  for (const border of left.matchAll(BORDERS)) start = border.index + border[0].length
  for (const joint of left.matchAll(JOINTS)) {
    const end = joint.index + joint[0].length
    const part = `${left.slice(end)}${symptom}`.trim().split(JOINTS)[0]?.trim() ?? ''
    const first = part.split(' ')[0] ?? ''
    const opensStatement =
      joint[0] === ':' ? !CUE_BEFORE.test(left.slice(0, joint.index)) : CLAUSE_STARTS.test(first) || FINITE_VERBS.test(part)
    if (opensStatement) start = Math.max(start, end)
  }
  return left.slice(start)
}

const JOINTS = /[,:]|\b(?:and|or|y|o|e)\b/g
/** "Denies: fever" goes on after the colon; "I never had this before: fever" does not. */
const CUE_BEFORE = /\b(?:no|not|none|denies|denied|negative|without|niega|sin)\s*$/
