import { describe, expect, test } from 'vitest'

import { findDiagnosisProblem } from './diagnoses.ts'
import { FAVORITE_DIAGNOSES } from './diagnoses.data.ts'
import { draftPlan } from './draft-plan.ts'
import { EXAMPLE_FACTS } from './example.data.ts'
import { PlanDraft } from './plan-draft.ts'
import { TEMPLATES } from './choose-template.ts'

const withEpisode = (episode: Partial<typeof EXAMPLE_FACTS.episode>) => ({
  ...EXAMPLE_FACTS,
  episode: { ...EXAMPLE_FACTS.episode, ...episode },
})

describe('plan draft', () => {
  test('acute low back pain has everything a plan of care needs', () => {
    const draft = draftPlan(EXAMPLE_FACTS)
    expect(draft.template).toBe('low-back-pain-acute')
    expect(draft.missing).toEqual([])
    expect(draft.plan).toMatchObject({
      diagnoses: ['M54.50'],
      frequencyPerWeek: 2,
      durationWeeks: 4,
      certifiedFrom: '2026-01-05',
      certifiedTo: '2026-02-02',
    })
    expect(
      draft.goals.map((goal) => `${goal.label} ${goal.measurementCode} ${goal.baseline}→${goal.target} by ${goal.targetDate}`),
    ).toEqual(['STG-1 nprs 6→4 by 2026-01-19', 'LTG-1 nprs 6→3 by 2026-02-02', 'LTG-2 psfs 4→6 by 2026-02-02'])
    expect(PlanDraft.safeParse(draft).success).toBe(true)
  })

  test('twelve weeks since onset are chronic', () => {
    expect(draftPlan(withEpisode({ onsetDate: '2025-10-14' })).template).toBe('low-back-pain-acute')
    expect(draftPlan(withEpisode({ onsetDate: '2025-10-13' })).template).toBe('low-back-pain-chronic')
  })

  test('an unknown onset drafts the shorter plan and says so', () => {
    const draft = draftPlan(withEpisode({ onsetDate: null }))
    expect(draft.template).toBe('low-back-pain-acute')
    expect(draft.notices.join(' ')).toMatch(/Onset date is not in the chart/)
  })

  test('a missing diagnosis is suggested from favorites and named as a suggestion', () => {
    const draft = draftPlan(withEpisode({ diagnoses: [] }))
    expect(draft.plan?.diagnoses).toEqual(['M54.50'])
    expect(draft.notices.join(' ')).toMatch(/to be confirmed: M54.50/)
  })

  test('a retired code is not taken over and leaves the plan incomplete', () => {
    const draft = draftPlan(withEpisode({ diagnoses: ['M54.5'] }))
    expect(draft.plan?.diagnoses).toEqual([])
    expect(draft.missing).toEqual(['A billable diagnosis.'])
    expect(draft.plan?.precautions[0]).toBe('MISSING: A billable diagnosis.')
  })

  test('without measurements a long-term goal is missing', () => {
    expect(draftPlan({ ...EXAMPLE_FACTS, measurements: [] }).missing).toEqual([
      'A measurable long-term goal: no measurement gives a baseline for one.',
    ])
  })

  test('a knee without a replacement has no template', () => {
    const draft = draftPlan(withEpisode({ bodyRegion: 'knee', side: 'right', diagnoses: ['M25.561'] }))
    expect(draft).toMatchObject({ template: null, plan: null })
    expect(draft.missing[0]).toMatch(/write the plan by hand/)
  })

  test.each([
    ['Right total knee replacement 2026-01-02.', 'knee-replacement'],
    ['S/p TKA, staples in place.', 'knee-replacement'],
    ['No knee replacement so far.', null],
    ['Awaiting TKA in spring.', null],
  ])('a clinician\'s remark "%s" leads to %s', (text, template) => {
    const facts = withEpisode({ bodyRegion: 'knee', side: 'right', diagnoses: [] })
    const draft = draftPlan({ ...facts, evaluation: { ...facts.evaluation, remarks: [{ by: 'clinician', text }] } })
    expect(draft.template).toBe(template)
    if (template !== null) expect(draft.plan?.diagnoses).toEqual(['Z47.1', 'Z96.651'])
  })

  test("a patient's own words do not choose a surgical template", () => {
    const facts = withEpisode({ bodyRegion: 'knee', side: 'right', diagnoses: [] })
    expect(
      draftPlan({ ...facts, evaluation: { ...facts.evaluation, remarks: [{ by: 'patient', text: 'My sister had a knee replacement' }] } })
        .template,
    ).toBeNull()
  })

  test('high irritability comes first among the precautions', () => {
    const [pain, ...rest] = EXAMPLE_FACTS.measurements
    if (pain === undefined) throw new Error('no pain rating')
    expect(draftPlan({ ...EXAMPLE_FACTS, measurements: [{ ...pain, value: 8 }, ...rest] }).plan?.precautions[0]).toMatch(
      /High irritability \(pain 8\/10\)/,
    )
  })

  test('a plan beyond the authorization is pointed out', () => {
    expect(draftPlan(withEpisode({ authorizedVisits: 6, authorizedTo: '2026-01-20' })).notices).toEqual(
      expect.arrayContaining([
        'The plan has 8 visits; 6 are authorized.',
        'The plan runs to 2026-02-02; the authorization ends 2026-01-20.',
      ]),
    )
  })
})

describe('template data', () => {
  test.each(TEMPLATES.map((template) => [template.key, template] as const))(
    '%s is sourced, in range and uses billable favorites',
    (_key, template) => {
      const visits = template.frequencyPerWeek * template.durationWeeks
      expect(visits).toBeGreaterThanOrEqual(template.visits.from)
      expect(visits).toBeLessThanOrEqual(template.visits.to)
      expect(template.durationWeeks).toBeGreaterThanOrEqual(template.weeks.from)
      expect(template.durationWeeks).toBeLessThanOrEqual(template.weeks.to)
      for (const row of template.interventions) expect(row.source.doi).toMatch(/^10\.\d{4}/)
      for (const goal of template.goals) expect(goal.source.length).toBeGreaterThan(10)
      for (const code of Object.values(template.suggestedDiagnoses).flat()) expect(FAVORITE_DIAGNOSES).toHaveProperty([code ?? ''])
      expect(template.goals.some((goal) => goal.term === 'long')).toBe(true)
    },
  )

  test.each([
    ['M54.50', null],
    ['M54.5', 'M54.50'],
    ['M25.56', 'M25.561'],
    ['M51.36', 'M51.360'],
    ['S83.511', '7th'],
    ['S83.511D', null],
    ['low back', 'form'],
  ])('the code %s is judged right', (code, problem) => {
    const found = findDiagnosisProblem(code, '2026-01-05')
    if (problem === null) expect(found).toBeNull()
    else expect(found).toContain(problem)
  })

  test('a code is judged by the date of service', () => {
    expect(findDiagnosisProblem('M54.5', '2021-09-30')).toBeNull()
  })

  test('every favorite is itself billable', () => {
    for (const code of Object.keys(FAVORITE_DIAGNOSES)) expect(findDiagnosisProblem(code, '2026-01-05')).toBeNull()
  })
})
