import { endCertification } from './certification.ts'
import { chooseTemplate } from './choose-template.ts'
import { findDiagnosisProblem, titleDiagnosis } from './diagnoses.ts'
import { draftGoals } from './draft-goals.ts'
import type { PlanFacts } from './facts.ts'
import type { GoalDraft, PlanDraft } from './plan-draft.ts'
import type { PlanTemplate } from './template.ts'

/** Numbers at or above this mark high irritability: doses go down. Source: consensus, pain 7/10 or more, night or rest pain. */
const HIGH_IRRITABILITY_NPRS = 7

/** Drafts a plan of care from the facts of an evaluation. Every number comes from the chart or from a template with its source. */
export function draftPlan(facts: PlanFacts): PlanDraft {
  const chosen = chooseTemplate(facts)
  if (chosen === null) {
    const hint =
      facts.episode.bodyRegion === 'knee'
        ? " The knee template is for knee replacement: it needs that diagnosis or a clinician's remark."
        : ''
    return {
      template: null,
      because: [],
      plan: null,
      goals: [],
      evidence: [],
      notices: [],
      missing: [`No template fits the body region ${facts.episode.bodyRegion}: write the plan by hand.${hint}`],
    }
  }
  const { template } = chosen
  const diagnoses = pickDiagnoses(facts, template)
  const { goals, skipped } = draftGoals(facts, template)
  const missing = [...diagnoses.missing]
  if (!goals.some((goal) => goal.term === 'long')) missing.push('A measurable long-term goal: no measurement gives a baseline for one.')
  const notices = [...chosen.notices, ...diagnoses.notices, ...checkAuthorization(facts, template), ...skipped]
  return {
    template: template.key,
    because: [...chosen.because],
    plan: {
      condition: template.condition,
      diagnoses: diagnoses.codes,
      frequencyPerWeek: template.frequencyPerWeek,
      durationWeeks: template.durationWeeks,
      minutesPerVisit: facts.minutesPerVisit,
      interventions: template.interventions.map((row) => ({
        key: row.key,
        title: row.title,
        why: `${row.why} (${row.grade === 'consensus' ? 'good practice' : `grade ${row.grade}`}, doi:${row.source.doi})`,
      })),
      precautions: [...missing.map((what) => `MISSING: ${what}`), ...listPrecautions(facts, template)],
      certifiedFrom: facts.evaluation.date,
      certifiedTo: endCertification(facts.evaluation.date, template.durationWeeks),
    },
    goals,
    missing,
    notices,
    evidence: listEvidence(facts, template, goals),
  }
}

function pickDiagnoses(facts: PlanFacts, template: PlanTemplate): { codes: string[]; missing: string[]; notices: string[] } {
  if (facts.episode.diagnoses.length > 0) {
    const problems = facts.episode.diagnoses.flatMap((code) => findDiagnosisProblem(code, facts.evaluation.date) ?? [])
    const codes = facts.episode.diagnoses.filter((code) => findDiagnosisProblem(code, facts.evaluation.date) === null)
    return { codes, missing: codes.length === 0 ? ['A billable diagnosis.'] : [], notices: problems }
  }
  const suggested = template.suggestedDiagnoses[facts.episode.side]
  if (suggested === undefined)
    return { codes: [], missing: ['A diagnosis: the side is not in the chart, so none is suggested.'], notices: [] }
  return {
    codes: [...suggested],
    missing: [],
    notices: [
      `The episode has no diagnosis. Suggested from region and side, to be confirmed: ${suggested.map(titleDiagnosis).join('; ')}.`,
    ],
  }
}

function checkAuthorization(facts: PlanFacts, template: PlanTemplate): string[] {
  const visits = template.frequencyPerWeek * template.durationWeeks
  const notices: string[] = []
  if (facts.episode.authorizedVisits !== null && facts.episode.authorizedVisits < visits) {
    notices.push(`The plan has ${visits} visits; ${facts.episode.authorizedVisits} are authorized.`)
  }
  const end = endCertification(facts.evaluation.date, template.durationWeeks)
  if (facts.episode.authorizedTo !== null && facts.episode.authorizedTo < end) {
    notices.push(`The plan runs to ${end}; the authorization ends ${facts.episode.authorizedTo}.`)
  }
  return notices
}

function listPrecautions(facts: PlanFacts, template: PlanTemplate): string[] {
  const pain = facts.measurements
    .filter((fact) => fact.code === 'nprs')
    .toSorted((a, b) => Date.parse(a.takenAt) - Date.parse(b.takenAt))
    .at(-1)
  const irritable = pain !== undefined && pain.value >= HIGH_IRRITABILITY_NPRS
  return [
    ...(irritable
      ? [`High irritability (pain ${pain.value}/10): start with low doses and progress when pain during exercise stays at 3/10 or less.`]
      : []),
    ...template.precautions,
    ...template.notAlone.map((what) => `Not recommended alone: ${what.charAt(0).toLowerCase()}${what.slice(1)}.`),
  ]
}

function listEvidence(facts: PlanFacts, template: PlanTemplate, goals: readonly GoalDraft[]): PlanDraft['evidence'] {
  const measured = new Map(goals.map((goal) => [goal.measurementId, goal.measurementCode]))
  return [
    { kind: 'episode', id: facts.episode.id, path: 'bodyRegion', label: `Body region ${facts.episode.bodyRegion}` },
    { kind: 'visit', id: facts.evaluation.id, label: `Evaluation of ${facts.evaluation.date}` },
    ...[...measured].map(([id, code]) => ({ kind: 'measurement' as const, id, path: 'value', label: `Baseline ${code}` })),
    { kind: 'rule', id: `planning.template.${template.key}`, label: `${template.source.title}, doi:${template.source.doi}` },
  ]
}
