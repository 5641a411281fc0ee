import { findEvaluation, findPrevious, isBeyondError } from './compare.ts'
import type { MeasurementFact, NoteFacts, StatementFact } from './facts.ts'
import { describeMeasure, oneLine } from './wording.ts'
import { readEvidence } from './read-evidence.ts'
import type { Reading } from './read-evidence.ts'
import { collapse, tellToken, tokenize } from './tokens.ts'

export const PROBLEM_CODES = [
  'no-evidence',
  'unknown-evidence',
  'number',
  'unit',
  'missing-number',
  'side',
  'negation',
  'words',
  'direction',
  'verdict',
  'time',
  'minutes-missing',
  'pain-missing',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

export interface NoteProblem {
  /** Which statement; null for the note as a whole. */
  readonly index: number | null
  readonly code: ProblemCode
  /** An error stops the signature; a warning is shown. */
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/**
 * Holds every sentence against its own evidence, never against the chart as a whole: numbers with their units in order, sides, negations,
 * quoted words, direction and verdict of a change. A sentence that a clinician wrote or edited stands on the clinician's word: its numbers
 * only warn, but a side that contradicts the linked facts still stops it.
 */
export function verifyNote(facts: NoteFacts, statements: readonly StatementFact[]): { ok: boolean; problems: NoteProblem[] } {
  const problems = statements.flatMap((statement, index) => verifyStatement(statement, facts).map((problem) => ({ index, ...problem })))
  const all = [...problems, ...verifyCover(facts, statements)]
  return { ok: !all.some((problem) => problem.severity === 'error'), problems: all }
}

type Found = Omit<NoteProblem, 'index'>

function verifyStatement(statement: StatementFact, facts: NoteFacts): Found[] {
  if (statement.evidence.length === 0)
    return [error('no-evidence', 'This sentence points at no fact. Remove it or write it in your own name.')]
  const readings: Reading[] = []
  for (const evidence of statement.evidence) {
    const read = readEvidence(evidence, facts)
    if (read === null)
      return [
        error(
          'unknown-evidence',
          `The fact behind this sentence is not in the chart any more (${evidence.kind}, ${evidence.path ?? 'whole row'}).`,
        ),
      ]
    readings.push(read)
  }
  const words = blankWords(
    oneLine(statement.text),
    readings.flatMap((reading) => reading.words),
  )
  if (statement.origin.startsWith('staff:')) return verifyOwnWords(words.rest, readings)
  return [
    ...words.missing.map((text) => error('words', `"${text.slice(0, 60)}" is in the chart but not in this sentence as it was recorded.`)),
    ...compareNumbers(words.rest, readings),
    ...compareSides(words.rest, readings),
    ...compareNegation(words.rest, readings),
    ...compareChange(words.rest, readings),
    ...compareTime(words.rest, readings, facts),
  ]
}

function verifyOwnWords(text: string, readings: readonly Reading[]): Found[] {
  const known = new Set(readings.flatMap((reading) => reading.tokens.map(tellToken)))
  if (known.size === 0 && readings.every((reading) => reading.sides.length === 0)) return []
  const own = tokenize(text).filter((item) => !known.has(tellToken(item)))
  const numbers = known.size === 0 ? [] : own.map((item) => warning('number', `${tellToken(item)} is not among the linked facts.`))
  const linked = new Set(readings.flatMap((reading) => reading.sides))
  const wrong = linked.size === 0 ? [] : findSides(text).filter((found) => !linked.has(found))
  return [
    ...numbers,
    ...wrong.map((found) =>
      error('side', `The sentence says ${found}, the linked facts say ${[...linked].join(' and ')}. Correct one of them.`),
    ),
  ]
}

/** Takes words of the evidence out of the text, longest first, so that what is quoted is not read as the note's own statement. */
export function blankWords(text: string, words: readonly string[]): { rest: string; missing: string[] } {
  let rest = text
  for (const word of words.toSorted((a, b) => b.length - a.length)) {
    const at = findWord(rest, word)
    if (at >= 0) rest = `${rest.slice(0, at)}${' '.repeat(word.length)}${rest.slice(at + word.length)}`
  }
  return { rest, missing: [...new Set(words)].filter((word) => findWord(text, word) < 0) }
}

function findWord(text: string, word: string): number {
  const [where, what] = [foldCase(text), foldCase(word)]
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + 1)) {
    const [before, after] = [where[at - 1] ?? ' ', where[at + what.length] ?? ' ']
    if (!(isWord(before) && isWord(what[0] ?? '')) && !(isWord(after) && isWord(what.at(-1) ?? ''))) return at
  }
  return -1
}

/** Plain letters only, so that positions stay what they are. */
function foldCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character)
}

/** The numbers of the sentence are those of the evidence, in the order of the evidence: a swap of two values is found. */
function compareNumbers(text: string, readings: readonly Reading[]): Found[] {
  const stated = tokenize(text)
  const all = readings.flatMap((reading) => reading.tokens)
  // "unchanged at 5/10" states both values with one number.
  const linked = /\bunchanged at\b/.test(text) ? collapse(all, tellToken) : all
  for (let index = 0; index < Math.max(stated.length, linked.length); index++) {
    const [said, fact] = [stated[index], linked[index]]
    if (said === undefined && fact !== undefined) return [error('missing-number', `The sentence leaves out ${tellToken(fact)}.`)]
    if (said !== undefined && fact === undefined) return [error('number', `${tellToken(said)} is not in the evidence.`)]
    if (said === undefined || fact === undefined || tellToken(said) === tellToken(fact)) continue
    if (said.value === fact.value) return [error('unit', `The sentence says ${tellToken(said)}, the evidence ${tellToken(fact)}.`)]
    return [error('number', `The sentence says ${tellToken(said)}, the evidence ${tellToken(fact)}.`)]
  }
  return []
}

const SIDE_WORDS = /\b(left|right|bilateral(?:ly)?|both)\b/gi

function findSides(text: string): ('left' | 'right' | 'bilateral')[] {
  return [...text.matchAll(SIDE_WORDS)].map(([word]) => (/^l/i.test(word) ? 'left' : /^r/i.test(word) ? 'right' : 'bilateral'))
}

function compareSides(text: string, readings: readonly Reading[]): Found[] {
  const said = findSides(text).join(', ')
  // Values of one measure share a side that is said once; everything else says its own.
  const sided = readings.filter((reading) => reading.sides.length > 0)
  const linked = collapse(sided, (reading) => reading.measurement?.code ?? String(sided.indexOf(reading)))
    .flatMap((reading) => reading.sides)
    .join(', ')
  return said === linked ? [] : [error('side', `The sentence says ${said || 'no side'}, the evidence ${linked || 'no side'}.`)]
}

const NEGATIONS = /\b(no|not|never|without|denie[sd]|deny|none|neither|nor|negative|absent|cannot|can't|isn't|doesn't|didn't|hasn't)\b/i

function compareNegation(text: string, readings: readonly Reading[]): Found[] {
  const said = NEGATIONS.test(text)
  const linked = readings.some((reading) => reading.negated)
  if (said === linked) return []
  return [
    error(
      'negation',
      said
        ? 'The sentence denies what its evidence does not deny.'
        : 'The evidence states that something is not so; the sentence does not.',
    ),
  ]
}

/** "decreased", "within measurement error" and "worsening" are computed again from the two values. */
function compareChange(text: string, readings: readonly Reading[]): Found[] {
  const claims = /\b(increased|decreased|unchanged|improvement|worsening|measurement error)\b/i.test(text)
  const [from, to] = readings.flatMap((reading) => reading.measurement ?? [])
  if (!claims || from === undefined || to === undefined) return []
  const direction = from.value === to.value ? 'unchanged' : to.value > from.value ? 'increased' : 'decreased'
  const problems: Found[] = []
  if (!new RegExp(`\\b${direction}\\b`, 'i').test(text))
    problems.push(error('direction', `The value ${direction}; the sentence says otherwise.`))
  const beyond = isBeyondError(to.code, from.value, to.value)
  const better = to.value > from.value === (describeMeasure(to.code)?.better === 'up')
  const expected =
    beyond === null || direction === 'unchanged'
      ? null
      : !beyond
        ? 'within measurement error'
        : better
          ? 'improvement beyond measurement error'
          : 'worsening beyond measurement error'
  if (expected === null ? /measurement error|improvement|worsening/i.test(text) : !text.includes(expected)) {
    problems.push(error('verdict', `By the minimal detectable change this is ${expected ?? 'not to be judged'}.`))
  }
  return problems
}

/** "previous visit", "evaluation" and "intake" are only said of values taken then. */
function compareTime(text: string, readings: readonly Reading[], facts: NoteFacts): Found[] {
  const measured: MeasurementFact[] = readings.flatMap((reading) => reading.measurement ?? [])
  if (measured.length === 0) return []
  const took = (visitId: string | null | undefined): boolean => visitId !== undefined && measured.some((fact) => fact.visitId === visitId)
  const checks: readonly (readonly [RegExp, boolean])[] = [
    [/previous visit/i, took(findPrevious(facts)?.id)],
    [/evaluation/i, took(findEvaluation(facts)?.id)],
    [/intake/i, took(null)],
  ]
  return checks
    .filter(([pattern, holds]) => pattern.test(text) && !holds)
    .map(([pattern]) => error('time', `No linked value was taken at the ${pattern.source}.`))
}

/** A note about a visit states its minutes (CMS Pub 100-02 ch. 15 §220.3.E) and the pain rating taken in it. */
function verifyCover(facts: NoteFacts, statements: readonly StatementFact[]): NoteProblem[] {
  const { visit } = facts
  if (visit === null) return []
  const points = new Set(statements.flatMap((row) => row.evidence.map((evidence) => `${evidence.id} ${evidence.path ?? ''}`)))
  const problems: NoteProblem[] = []
  if (!points.has(`${visit.id} services.timed`) || !points.has(`${visit.id} services.total`)) {
    problems.push({
      index: null,
      ...error('minutes-missing', 'The note must state total timed minutes and total treatment time. Put that sentence back.'),
    })
  }
  const pain = facts.measurements.filter((fact) => fact.code === 'nprs' && fact.visitId === visit.id)
  if (pain.length > 0 && !pain.some((fact) => points.has(`${fact.id} value`))) {
    problems.push({ index: null, ...warning('pain-missing', 'The pain rating of this visit is not in the note.') })
  }
  return problems
}

function error(code: ProblemCode, message: string): Found {
  return { code, severity: 'error', message }
}

function warning(code: ProblemCode, message: string): Found {
  return { code, severity: 'warning', message }
}
