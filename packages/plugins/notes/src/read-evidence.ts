import { completed, findGoalValue, isReached } from './compare.ts'
import { readActivities } from './draft-measurements.ts'
import type { EvidenceFact, MeasurementFact, NoteFacts, Side, VisitFact } from './facts.ts'
import { DETECTABLE_CHANGES } from './measures.data.ts'
import { sumMinutes } from './minutes.ts'
import { token, tokenize } from './tokens.ts'
import type { Token } from './tokens.ts'
import { countYears, describeMeasure, oneLine, tellDate, tellRegion, tellValue, titleService } from './wording.ts'

/** What one piece of evidence says: numbers in order, words that must stand as they are, a side, and whether it states an absence. */
export interface Reading {
  readonly tokens: Token[]
  readonly words: string[]
  readonly sides: Side[]
  readonly negated: boolean
  readonly measurement: MeasurementFact | null
}

/** Reads evidence from the facts; null when the row or the path does not exist. */
export function readEvidence(evidence: EvidenceFact, facts: NoteFacts): Reading | null {
  switch (evidence.kind) {
    case 'measurement':
      return readMeasurement(
        facts.measurements.find((fact) => fact.id === evidence.id),
        evidence.path ?? '',
      )
    case 'visit': {
      const visit = [facts.visit, ...facts.history].find((candidate) => candidate?.id === evidence.id) ?? undefined
      return visit === undefined ? null : readVisit(visit, evidence.path ?? '', facts.timeZone)
    }
    case 'episode':
      return evidence.id === facts.episode.id ? readEpisode(facts, evidence.path ?? '') : null
    case 'patient': {
      const { patient, visit } = facts
      if (patient === null || visit === null || evidence.id !== patient.id || evidence.path !== 'birthDate') return null
      return reading({ tokens: [token(countYears(patient.birthDate, visit.startsAt, facts.timeZone), 'years')] })
    }
    case 'goal':
      return readGoal(evidence, facts)
    case 'rule': {
      const detectable = DETECTABLE_CHANGES[evidence.id.replace('notes.detectable-change.', '')]
      return detectable === undefined ? null : reading({ tokens: [token(detectable.points, 'points')] })
    }
    case 'staff':
      return reading({})
    default:
      return null
  }
}

function reading(part: Partial<Reading>): Reading {
  return { tokens: [], words: [], sides: [], negated: false, measurement: null, ...part }
}

function readMeasurement(fact: MeasurementFact | undefined, path: string): Reading | null {
  if (fact === undefined) return null
  if (path === 'value') {
    const words = describeMeasure(fact.code)
    return reading({
      tokens: tokenize(tellValue(fact.code, fact.value)),
      words: words === null ? [] : [words.title],
      sides: side(fact.side),
      measurement: fact,
    })
  }
  const activity = readActivities(fact).find((candidate) => path === `detail.activities.${candidate.index}`)
  return activity === undefined ? null : verbatim([activity.name], [token(activity.score, 'of10')])
}

function readVisit(visit: VisitFact, path: string, timeZone: string): Reading | null {
  if (path === 'startsAt') return reading({ tokens: tokenize(tellDate(visit.startsAt, timeZone)) })
  if (path === 'kind') return reading({})
  if (path === 'services.timed') return reading({ tokens: [token(sumMinutes(visit).timed, 'min')] })
  if (path === 'services.total') return reading({ tokens: [token(sumMinutes(visit).total, 'min')] })
  const [list, index] = path.split('.')
  if (list === 'remarks') {
    const remark = visit.remarks[Number(index)]
    return remark === undefined ? null : verbatim([remark.text], [])
  }
  if (list === 'services') {
    const row = visit.services[Number(index)]
    return row === undefined ? null : { ...verbatim([titleService(row.service)], [token(row.minutes, 'min')]), sides: side(row.side) }
  }
  const row = list === 'performed' ? visit.performed[Number(index)] : undefined
  if (row === undefined) return null
  const dose = [...(row.sets === undefined ? [] : [token(row.sets, 'sets')]), ...(row.reps === undefined ? [] : [token(row.reps, 'reps')])]
  const before = verbatim([row.exercise], [])
  const after = verbatim([row.load ?? '', row.response ?? ''], [])
  return reading({ tokens: [...before.tokens, ...dose, ...after.tokens], words: [...before.words, ...after.words], sides: side(row.side) })
}

function readEpisode(facts: NoteFacts, path: string): Reading | null {
  const { episode, timeZone } = facts
  const date = (value: string | null): Reading | null => (value === null ? null : reading({ tokens: tokenize(tellDate(value, timeZone)) }))
  if (path === 'side') return reading({ sides: side(episode.side) })
  if (path === 'bodyRegion') return verbatim([tellRegion(episode.bodyRegion)], [])
  if (path === 'onsetDate') return date(episode.onsetDate)
  if (path === 'dischargedAt') return date(episode.dischargedAt)
  if (path === 'visits.completed') return reading({ tokens: [token(completed(facts).length, 'visits')] })
  if (path === 'referredBy') return episode.referredBy === null ? null : verbatim([episode.referredBy], [])
  if (path.startsWith('diagnoses.')) {
    const code = episode.diagnoses[Number(path.split('.')[1])]
    return code === undefined ? null : verbatim([code], [])
  }
  const { plan } = episode
  if (plan === null) return null
  if (path === 'plan.frequencyPerWeek') return reading({ tokens: [token(plan.frequencyPerWeek, 'visits')] })
  if (path === 'plan.durationWeeks') return reading({ tokens: [token(plan.durationWeeks, 'weeks')] })
  return path === 'plan.certifiedTo' ? date(plan.certifiedTo) : null
}

function readGoal(evidence: EvidenceFact, facts: NoteFacts): Reading | null {
  const goal = facts.goals.find((candidate) => candidate.id === evidence.id)
  if (goal === undefined) return null
  if (evidence.path === 'label') return verbatim([goal.label], [])
  if (evidence.path === 'target') return reading({ tokens: tokenize(tellValue(goal.measurementCode, goal.target)) })
  if (evidence.path === 'targetDate') return reading({ tokens: tokenize(tellDate(goal.targetDate, facts.timeZone)) })
  if (evidence.path !== 'reached') return null
  const value = findGoalValue(goal, facts)
  return value === null ? null : reading({ negated: !isReached(goal, value.value) })
}

/** Words that must stand in the sentence as they are; without a letter they are numbers. */
function verbatim(texts: readonly string[], tokens: readonly Token[]): Reading {
  const lines = texts.map(oneLine).filter((text) => text !== '')
  const bare = lines.filter((text) => !/\p{L}/u.test(text))
  return reading({ words: lines.filter((text) => /\p{L}/u.test(text)), tokens: [...bare.flatMap(tokenize), ...tokens] })
}

function side(value: Side | undefined): Side[] {
  return value === undefined || value === 'none' ? [] : [value]
}
