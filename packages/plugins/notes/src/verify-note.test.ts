import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { arbitraryFacts } from './arbitrary-facts.ts'
import { draftNote } from './draft-note.ts'
import { DAILY_FACTS, DISCHARGE_FACTS, EVALUATION_FACTS, makeId } from './example.data.ts'
import { NOTE_KINDS } from './facts.ts'
import type { NoteFacts, StatementFact } from './facts.ts'
import { readEvidence } from './read-evidence.ts'
import { tellToken, tokenize } from './tokens.ts'
import { blankWords, verifyNote } from './verify-note.ts'

/** The draft of the example with one sentence changed, and what the verifier says to that sentence. */
function plant(find: string, change: (text: string) => string, facts: NoteFacts = DAILY_FACTS): string[] {
  const { statements } = draftNote(facts)
  const index = statements.findIndex((row) => row.text.includes(find))
  const changed = statements.map((row, at) => (at === index ? { ...row, text: change(row.text) } : row))
  expect(changed[index]?.text).not.toBe(statements[index]?.text)
  return verifyNote(facts, changed)
    .problems.filter((problem) => problem.index === index)
    .map((problem) => problem.code)
}

describe('note verifier', () => {
  test.each(NOTE_KINDS)('the draft of any %s passes', (kind) => {
    fc.assert(
      fc.property(arbitraryFacts(kind), (facts) => {
        const { statements } = draftNote(facts)
        expect(verifyNote(facts, statements).problems.filter((problem) => problem.severity === 'error')).toEqual([])
        for (const row of statements) expect(row.evidence.length).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })

  test('any changed number outside quoted words is found', () => {
    let planted = 0
    fc.assert(
      fc.property(arbitraryFacts('daily-note'), fc.nat(), fc.integer({ min: 1, max: 40 }), (facts, pick, by) => {
        const { statements } = draftNote(facts)
        const places = statements.flatMap((row, index) =>
          [...blanked(row, facts).matchAll(/\d+/g)].map((match) => ({ index, at: match.index, digits: match[0] })),
        )
        const place = places[pick % Math.max(1, places.length)]
        const row = statements[place?.index ?? -1]
        if (place === undefined || row === undefined) return
        const other = String(Number(place.digits) + by).padStart(place.digits.length, '0')
        const text = `${row.text.slice(0, place.at)}${other}${row.text.slice(place.at + place.digits.length)}`
        // 27.30 for 27.3 changes nothing.
        if (tokenize(text).map(tellToken).join() === tokenize(row.text).map(tellToken).join()) return
        planted += 1
        const { problems } = verifyNote(facts, statements.with(place.index, { ...row, text }))
        expect(
          problems.some((problem) => problem.index === place.index && problem.severity === 'error'),
          text,
        ).toBe(true)
      }),
      { numRuns: 400 },
    )
    expect(planted).toBeGreaterThan(300)
  })

  test('any flipped or dropped side outside quoted words is found', () => {
    let planted = 0
    fc.assert(
      fc.property(arbitraryFacts('daily-note'), fc.nat(), fc.boolean(), (facts, pick, drop) => {
        const { statements } = draftNote(facts)
        const places = statements.flatMap((row, index) =>
          [...blanked(row, facts).matchAll(/\b(left|right|bilateral)\b/gi)].map((match) => ({ index, at: match.index, word: match[0] })),
        )
        const place = places[pick % Math.max(1, places.length)]
        const row = statements[place?.index ?? -1]
        if (place === undefined || row === undefined) return
        const other = drop ? '' : /left/i.test(place.word) ? 'right' : 'left'
        const text = `${row.text.slice(0, place.at)}${other}${row.text.slice(place.at + place.word.length)}`
        planted += 1
        expect(
          verifyNote(facts, statements.with(place.index, { ...row, text })).problems.map(
            (problem) => `${problem.index} ${problem.severity}`,
          ),
          text,
        ).toContain(`${place.index} error`)
      }),
      { numRuns: 400 },
    )
    expect(planted).toBeGreaterThan(200)
  })

  test.each([
    ['a changed pain rating', 'Pain 4/10', (text: string) => text.replace('4/10', '3/10'), 'number'],
    ['two swapped values', 'Pain 4/10', (text: string) => text.replace('4/10', 'x').replace('6/10', '4/10').replace('x', '6/10'), 'number'],
    ['another unit', 'flexion 102°', (text: string) => text.replace('102°', '102 min'), 'unit'],
    ['a number nobody measured', 'Next visit', (text: string) => `${text} Walked 300 ft.`, 'number'],
    ['a number word', 'Next visit', (text: string) => `${text} Three falls.`, 'number'],
    ['a left-out comparison', 'Pain 4/10', (text: string) => text.replace(', 6/10 at the evaluation', ''), 'missing-number'],
    ['minutes that do not add up', 'Total timed', (text: string) => text.replace('38 min', '40 min'), 'number'],
    ['the other side', 'Right knee flexion 102', (text: string) => text.replace('Right', 'Left'), 'side'],
    ['no side', 'Right knee flexion 102', (text: string) => text.replace('Right knee', 'Knee'), 'side'],
    ['a dropped negation', 'LTG-1 not yet met', (text: string) => text.replace('not yet ', ''), 'negation'],
    ['an added negation', 'STG-1 met', (text: string) => text.replace('met', 'not met'), 'negation'],
    ['a denial nobody made', 'Pain 4/10', (text: string) => text.replace('.', ' and denies numbness.'), 'negation'],
    ['changed words of the patient', 'Patient reports', (text: string) => text.replace('No fever', 'Fever'), 'words'],
    ["another measure's name", 'Right knee flexion 102', (text: string) => text.replace('flexion', 'extension'), 'words'],
    ["another service's name", 'Timed interventions', (text: string) => text.replace('manual therapy', 'gait training'), 'words'],
    ['the other direction', 'Pain decreased', (text: string) => text.replace('decreased', 'increased'), 'direction'],
    [
      'a verdict the change does not carry',
      'PSFS mean increased',
      (text: string) => text.replace('within measurement error', 'an improvement beyond measurement error'),
      'verdict',
    ],
    ['a value of another time', 'Right knee flexion 102', (text: string) => text.replace('at the evaluation', 'at intake'), 'time'],
  ])('%s is found', (_what, find, change, code) => {
    expect(plant(find, change)).toContain(code)
  })

  test('a sentence without evidence, or about a row that is gone, is found', () => {
    const row: StatementFact = { section: 'Plan', text: 'Rest.', evidence: [], origin: 'rule' }
    expect(verifyNote(DAILY_FACTS, [row]).problems[0]?.code).toBe('no-evidence')
    expect(
      verifyNote(DAILY_FACTS, [{ ...row, evidence: [{ kind: 'measurement', id: makeId(999), path: 'value' }] }]).problems[0]?.code,
    ).toBe('unknown-evidence')
    expect(verifyNote(DAILY_FACTS, [{ ...row, evidence: [{ kind: 'visit', id: makeId(203), path: 'remarks.9' }] }]).problems[0]?.code).toBe(
      'unknown-evidence',
    )
  })

  test('a note without its minutes cannot be signed; one without the pain rating warns', () => {
    const { statements } = draftNote(DAILY_FACTS)
    const without = (text: string) =>
      verifyNote(
        DAILY_FACTS,
        statements.filter((row) => !row.text.startsWith(text)),
      )
    expect(without('Total timed')).toMatchObject({ ok: false, problems: [{ index: null, code: 'minutes-missing' }] })
    const noPain = verifyNote(
      DAILY_FACTS,
      statements.filter((row) => !/pain/i.test(row.text)),
    )
    expect(noPain).toMatchObject({ ok: true, problems: [{ code: 'pain-missing', severity: 'warning' }] })
  })

  test("a clinician's own sentence stands, its foreign numbers warn, a wrong side stops it", () => {
    const own = (text: string, evidence: StatementFact['evidence']): StatementFact => ({
      section: 'Objective',
      text,
      evidence: [...evidence, { kind: 'staff', id: makeId(30) }],
      origin: `staff:${makeId(30)}`,
    })
    const linked = [{ kind: 'measurement' as const, id: makeId(313), path: 'value' }]
    const { statements } = draftNote(DAILY_FACTS)
    const codes = (row: StatementFact) =>
      verifyNote(DAILY_FACTS, [...statements, row]).problems.map((problem) => `${problem.code} ${problem.severity}`)
    expect(codes(own('Walked 300 ft without a cane.', []))).toEqual([])
    expect(codes(own('Right knee flexion 102° with overpressure.', linked))).toEqual([])
    expect(codes(own('Right knee flexion 105° with overpressure.', linked))).toEqual(['number warning'])
    expect(codes(own('Left knee flexion 102°.', linked))).toEqual(['side error'])
  })

  test.each([
    ['evaluation', EVALUATION_FACTS],
    ['discharge', DISCHARGE_FACTS],
  ])('the example %s passes', (_name, facts) => {
    expect(verifyNote(facts, draftNote(facts).statements)).toEqual({ ok: true, problems: [] })
  })
})

function blanked(row: StatementFact, facts: NoteFacts): string {
  return blankWords(
    row.text,
    row.evidence.flatMap((evidence) => readEvidence(evidence, facts)?.words ?? []),
  ).rest
}
