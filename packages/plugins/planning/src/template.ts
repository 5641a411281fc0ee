import type { BodyRegion } from '@gonio/sdk'

/** Guideline grades; strong, moderate and weak are written A, B and C. `consensus` = good practice without a graded recommendation. */
export type Grade = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'consensus'

export interface Source {
  readonly title: string
  readonly doi: string
}

/** One recommended element of care, in our own words, with the grade and source that carry it. */
export interface TemplateIntervention {
  readonly key: string
  readonly title: string
  /** Neutral service key the minutes are later recorded under. */
  readonly service: string
  readonly why: string
  readonly grade: Grade
  readonly source: Source
}

/** How a target follows from the baseline. A goal is left out when the baseline is missing or already better than `target`. */
export type TargetRule =
  /** Change by `by` in the good direction, at least as far as `reach` where one is given, within `limit`. */
  | { readonly kind: 'change'; readonly by: number; readonly reach?: number; readonly limit: number }
  /** A fixed level. */
  | { readonly kind: 'level'; readonly target: number }

export interface GoalTemplate {
  readonly term: 'short' | 'long'
  readonly code: string
  readonly direction: 'up' | 'down'
  readonly rule: TargetRule
  /** Weeks from the evaluation; `end` = the end of the planned duration. */
  readonly due: number | 'end'
  /** Sentence with {side}, {baseline}, {target} and {activities}. */
  readonly text: string
  readonly source: string
}

export interface Range {
  readonly from: number
  readonly to: number
}

/** A condition's plan of care as reviewed data: what it applies to, the usual dose, and where each statement comes from. */
export interface PlanTemplate {
  readonly key: string
  readonly condition: string
  readonly effectiveFrom: string
  readonly checkedOn: string
  readonly source: Source
  readonly appliesTo: {
    readonly regions: readonly BodyRegion[]
    /** Weeks since onset, `from` included and `to` excluded. */
    readonly weeksSinceOnset?: Range
    /** The template also needs one of these: an ICD-10-CM prefix on the episode or a phrase in a clinician's remark. */
    readonly needs?: { readonly diagnosisPrefixes: readonly string[]; readonly phrases: readonly string[] }
  }
  /** Favorite diagnoses offered when the episode has none, by side; taken over only when the side is known. */
  readonly suggestedDiagnoses: Readonly<Partial<Record<'left' | 'right' | 'bilateral' | 'none', readonly string[]>>>
  readonly frequencyPerWeek: number
  readonly durationWeeks: number
  readonly visits: Range
  readonly weeks: Range
  readonly interventions: readonly TemplateIntervention[]
  readonly precautions: readonly string[]
  readonly notAlone: readonly string[]
  readonly goals: readonly GoalTemplate[]
}
