import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { arbitraryFacts } from './arbitrary-facts.ts'
import { isBeyondError } from './compare.ts'
import { draftNote } from './draft-note.ts'
import { DAILY_FACTS, DISCHARGE_FACTS, EVALUATION_FACTS, makeId } from './example.data.ts'
import { NOTE_KINDS } from './facts.ts'
import { CHANGE_CASES, DETECTABLE_CHANGES } from './measures.data.ts'
import { sumMinutes } from './minutes.ts'

describe('note drafter', () => {
  test('a daily note reads as a clinician writes it', () => {
    expect(draftNote(DAILY_FACTS).text).toMatchInlineSnapshot(`
      "Subjective
      Patient reports: "Stairs are easier, still stiff in the morning. No fever."
      Pain 4/10 (5/10 at the previous visit, 6/10 at the evaluation).
      PSFS mean 4.5/10 (3/10 at the evaluation): "going up stairs" 5/10, "kneeling" 4/10.

      Objective
      Incision dry, no redness.
      Right knee flexion 102° (95° at the previous visit, 85° at the evaluation).
      Straight leg raise (right) 3 × 10: no lag on the last set.
      Sit to stand 2 × 8, chair 18 in: needs arms for the last two.
      Timed interventions: therapeutic exercise 23 min, manual therapy (right) 15 min.
      Untimed interventions: cold or hot pack 10 min.
      Total timed treatment 38 min; total treatment time 48 min.

      Assessment
      Pain decreased from 6/10 to 4/10 since the evaluation, an improvement beyond measurement error (MDC 2 points).
      PSFS mean increased from 3/10 to 4.5/10 since the evaluation, within measurement error (MDC 2 points).
      LTG-1 not yet met: right knee flexion 102°, target 110° or more by 04/27/2026.
      STG-1 met: pain 4/10, target 4/10 or less by 03/30/2026.

      Plan
      Continue plan of care: 2 visits per week for 8 weeks, certified through 04/27/2026.
      Next visit 03/12/2026."
    `)
  })

  test('an evaluation tells the history and leaves judgment to the PT', () => {
    const draft = draftNote(EVALUATION_FACTS)
    expect(draft.text).toMatchInlineSnapshot(`
      "Subjective
      72-year-old patient seen for evaluation of the right knee.
      Diagnoses: Z47.1, Z96.651.
      Onset 02/17/2026.
      Referred by Dr. Ana Ruiz.
      Patient reports: "I want to climb my stairs without the rail again."
      Pain 6/10.
      PSFS mean 3/10.

      Objective
      Walks with a cane, short steps. Quad lag 5 degrees.
      Right knee flexion 85°.
      Timed interventions: therapeutic exercise 12 min.
      Untimed interventions: evaluation 40 min.
      Total timed treatment 12 min; total treatment time 52 min."
    `)
    expect(draft.notices.join(' ')).toMatch(/Clinical judgment is not drafted/)
  })

  test('a discharge summary compares with the evaluation', () => {
    expect(draftNote(DISCHARGE_FACTS).text).toMatchInlineSnapshot(`
      "Course of care
      Diagnoses: Z47.1, Z96.651.
      4 completed visits from 03/02/2026 to 04/23/2026.

      Outcomes
      Pain decreased from 6/10 to 1/10 since the evaluation, an improvement beyond measurement error (MDC 2 points).
      Right knee flexion increased from 85° to 118° since the evaluation.
      PSFS mean increased from 3/10 to 4.5/10 since the evaluation, within measurement error (MDC 2 points).
      LEFS 61/80, measured once.

      Goals
      LTG-1 met: right knee flexion 118°, target 110° or more by 04/27/2026.
      STG-1 met: pain 1/10, target 4/10 or less by 03/30/2026.

      Discharge
      Discharged on 04/24/2026."
    `)
  })

  test('a comparison is only made when both facts exist', () => {
    const alone = { ...DAILY_FACTS, measurements: DAILY_FACTS.measurements.filter((fact) => fact.visitId === makeId(203)) }
    const { text } = draftNote(alone)
    expect(text).toContain('Pain 4/10.')
    expect(text).not.toMatch(/previous visit|since the evaluation/)
  })

  test('what was measured or said and is not in the note is listed with the reason', () => {
    const long = 'x'.repeat(700)
    const visit = DAILY_FACTS.visit
    if (visit === null) throw new Error('no visit')
    const { omitted } = draftNote({ ...DAILY_FACTS, visit: { ...visit, remarks: [...visit.remarks, { by: 'patient', text: long }] } })
    expect(omitted.map((row) => row.reason)).toEqual(['no wording for this measure', 'too long to quote: pick what matters'])
  })

  test('an impossible value and a strange unit stay out of the note', () => {
    const [pain, ...rest] = DAILY_FACTS.measurements.filter((fact) => fact.visitId === makeId(203))
    if (pain === undefined) throw new Error('no pain rating')
    const draft = draftNote({
      ...DAILY_FACTS,
      measurements: [{ ...pain, value: 14 }, ...rest.map((fact) => (fact.code === 'rom.knee-flexion' ? { ...fact, unit: 'rad' } : fact))],
    })
    expect(draft.omitted.map((row) => row.reason)).toEqual(
      expect.arrayContaining(['outside the range 0 to 10', 'recorded in rad, expected deg']),
    )
    expect(draft.text).not.toMatch(/14\/10|102/)
  })

  test('worse is said as plainly as better', () => {
    const facts = {
      ...DAILY_FACTS,
      measurements: DAILY_FACTS.measurements.map((fact) => (fact.id === makeId(303) ? { ...fact, value: 9 } : fact)),
    }
    expect(draftNote(facts).text).toContain(
      'Pain increased from 6/10 to 9/10 since the evaluation, a worsening beyond measurement error (MDC 2 points).',
    )
  })

  test('minutes over the slot, missing minutes and unknown services are pointed out', () => {
    const visit = DAILY_FACTS.visit
    if (visit === null) throw new Error('no visit')
    const notices = (services: typeof visit.services) => draftNote({ ...DAILY_FACTS, visit: { ...visit, services } }).notices.join(' ')
    expect(notices([{ service: 'therapeutic-exercise', minutes: 80 }])).toContain('80 minutes are recorded in a visit of 55 minutes')
    expect(notices([])).toContain('No minutes are recorded')
    expect(notices([{ service: 'dry-needling', minutes: 5 }])).toContain('dry-needling is not a known service')
  })

  test('total and timed minutes are the sums of the services', () => {
    fc.assert(
      fc.property(arbitraryFacts('daily-note'), (facts) => {
        if (facts.visit === null) return
        const { timed, total } = sumMinutes(facts.visit)
        expect(timed).toBeLessThanOrEqual(total)
        expect(draftNote(facts).text).toContain(`Total timed treatment ${timed} min; total treatment time ${total} min.`)
      }),
      { numRuns: 50 },
    )
  })

  test.each(NOTE_KINDS)('the same facts give the same %s', (kind) => {
    fc.assert(
      fc.property(arbitraryFacts(kind), (facts) => {
        expect(draftNote(structuredClone(facts))).toEqual(draftNote(facts))
      }),
      { numRuns: 20 },
    )
  })

  test.each(CHANGE_CASES)('$code from $from to $to is beyond error: $beyond', ({ code, from, to, beyond }) => {
    expect(isBeyondError(code, from, to)).toBe(beyond)
    expect(DETECTABLE_CHANGES[code]?.source).toMatch(/doi:10\./)
  })

  test('a measure without a sourced error gets no verdict', () => {
    expect(isBeyondError('rom.knee-flexion', 85, 110)).toBeNull()
    expect(draftNote(DAILY_FACTS).text).not.toMatch(/flexion increased/)
  })
})
