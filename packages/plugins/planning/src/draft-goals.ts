import { addDays } from './certification.ts'
import type { PlanFacts } from './facts.ts'
import type { GoalDraft } from './plan-draft.ts'
import type { GoalTemplate, PlanTemplate } from './template.ts'

type Fact = PlanFacts['measurements'][number]

/** Goals of a template for which a baseline exists and a change beyond error is still possible. */
export function draftGoals(facts: PlanFacts, template: PlanTemplate): { goals: GoalDraft[]; skipped: string[] } {
  const used = new Set(facts.goals.map((goal) => goal.label))
  const goals: GoalDraft[] = []
  const skipped: string[] = []
  for (const rule of template.goals) {
    const baseline = findBaseline(facts, rule.code)
    if (baseline === null) {
      skipped.push(`No ${rule.term}-term goal for ${rule.code}: it was not measured.`)
      continue
    }
    const target = computeTarget(rule, baseline.value)
    if (target === null) {
      skipped.push(`No ${rule.term}-term goal for ${rule.code}: the baseline leaves no room for a change beyond error.`)
      continue
    }
    goals.push({
      label: nextLabel(rule.term === 'long' ? 'LTG' : 'STG', used),
      term: rule.term,
      text: fillText(rule.text, baseline, target),
      measurementCode: rule.code,
      baseline: baseline.value,
      target,
      direction: rule.direction,
      targetDate: addDays(
        facts.evaluation.date,
        7 * (rule.due === 'end' ? template.durationWeeks : Math.min(rule.due, template.durationWeeks)),
      ),
      measurementId: baseline.id,
      source: rule.source,
    })
  }
  return { goals, skipped }
}

/** Latest measurement of a code; of several sides the side of the episode counts. */
function findBaseline(facts: PlanFacts, code: string): Fact | null {
  const all = facts.measurements.filter((fact) => fact.code === code).toSorted((a, b) => Date.parse(a.takenAt) - Date.parse(b.takenAt))
  const side = facts.episode.side
  const matching = side === 'left' || side === 'right' ? all.filter((fact) => fact.side === side || fact.side === 'none') : all
  return matching.at(-1) ?? null
}

/** The target value, or null when the baseline is already there or the scale ends first. */
export function computeTarget(goal: Pick<GoalTemplate, 'direction' | 'rule'>, baseline: number): number | null {
  const sign = goal.direction === 'up' ? 1 : -1
  if (goal.rule.kind === 'level') return sign * (goal.rule.target - baseline) > 0 ? goal.rule.target : null
  const changed = round(baseline + sign * goal.rule.by)
  if (sign * (goal.rule.limit - changed) < 0) return null
  const reach = goal.rule.reach ?? changed
  return sign > 0 ? Math.max(changed, reach) : Math.min(changed, reach)
}

/** Labels count on from the highest one ever used in the episode: a goal's name is never given twice (CMS Pub 100-02 ch. 15 §220.3.D). */
function nextLabel(prefix: 'LTG' | 'STG', used: Set<string>): string {
  const highest = Math.max(
    0,
    ...[...used].map((label) => (label.startsWith(`${prefix}-`) ? Number(label.slice(4)) : 0)).filter(Number.isFinite),
  )
  const label = `${prefix}-${highest + 1}`
  used.add(label)
  return label
}

function fillText(text: string, baseline: Fact, target: number): string {
  const side = baseline.side === 'none' ? '' : baseline.side
  const filled = text
    .replace('{side}', side)
    .replace('{baseline}', String(baseline.value))
    .replace('{target}', String(target))
    .replace('{activities}', listActivities(baseline.detail))
    .trim()
  return filled.charAt(0).toUpperCase() + filled.slice(1)
}

function listActivities(detail: Fact['detail']): string {
  const activities: unknown = detail?.['activities']
  if (!Array.isArray(activities)) return ''
  const names = activities
    .map((activity: unknown) => (typeof activity === 'object' && activity !== null ? Reflect.get(activity, 'name') : null))
    .filter((name) => typeof name === 'string')
    .slice(0, 5)
    .map((name) => `"${name.slice(0, 80)}"`)
  return names.length === 0 ? '' : ` for ${names.join(', ')}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
