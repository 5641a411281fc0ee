/// <reference lib="esnext.temporal" />
import type { PlanFacts } from './facts.ts'
import { KNEE_REPLACEMENT } from './knee-replacement.data.ts'
import { ACUTE_LOW_BACK_PAIN, CHRONIC_LOW_BACK_PAIN } from './low-back-pain.data.ts'
import type { PlanTemplate } from './template.ts'

export const TEMPLATES: readonly PlanTemplate[] = [ACUTE_LOW_BACK_PAIN, CHRONIC_LOW_BACK_PAIN, KNEE_REPLACEMENT]

export interface ChosenTemplate {
  readonly template: PlanTemplate
  /** Why this one, for the reviewer. */
  readonly because: readonly string[]
  readonly notices: readonly string[]
}

/** The template that fits region, time since onset and stated surgery; null when none does. */
export function chooseTemplate(facts: PlanFacts): ChosenTemplate | null {
  const weeks = weeksSinceOnset(facts)
  for (const template of TEMPLATES) {
    const { regions, weeksSinceOnset: range, needs } = template.appliesTo
    if (!regions.includes(facts.episode.bodyRegion)) continue
    if (range !== undefined && weeks !== null && (weeks < range.from || weeks >= range.to)) continue
    const because = [`Body region: ${facts.episode.bodyRegion}`]
    if (needs !== undefined) {
      const found = findNeed(facts, needs)
      if (found === null) continue
      because.push(found)
    }
    if (range === undefined) return { template, because, notices: [] }
    if (weeks !== null) return { template, because: [...because, `Onset ${weeks} weeks before the evaluation`], notices: [] }
    // The shorter plan comes first in the list: without an onset date the smaller dose is drafted.
    return {
      template,
      because,
      notices: [
        'Onset date is not in the chart: this draft uses the shorter plan. Check whether the condition is chronic (12 weeks or more).',
      ],
    }
  }
  return null
}

function weeksSinceOnset(facts: PlanFacts): number | null {
  if (facts.episode.onsetDate === null) return null
  const days = Temporal.PlainDate.from(facts.episode.onsetDate).until(facts.evaluation.date, { largestUnit: 'days' }).days
  return days < 0 ? null : Math.floor(days / 7)
}

const NEGATED = /\b(no|not|never|without|denies|declined|before|awaiting|considering|planned)\b[^.;]*$/i

function findNeed(facts: PlanFacts, needs: { diagnosisPrefixes: readonly string[]; phrases: readonly string[] }): string | null {
  const code = facts.episode.diagnoses.find((diagnosis) => needs.diagnosisPrefixes.some((prefix) => diagnosis.startsWith(prefix)))
  if (code !== undefined) return `Diagnosis ${code}`
  for (const remark of facts.evaluation.remarks) {
    if (remark.by !== 'clinician') continue
    const text = remark.text.toLowerCase()
    for (const phrase of needs.phrases) {
      const at = new RegExp(`\\b${phrase}\\b`).exec(text)
      if (at !== null && !NEGATED.test(text.slice(0, at.index))) return `Clinician's remark mentions "${phrase}"`
    }
  }
  return null
}
