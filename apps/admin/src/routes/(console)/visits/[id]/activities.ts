import type { Measurement } from '@gonio/sdk'

/** Names of the activities that earlier scores are about, so that the same ones are asked again. */
export function activitiesOf(before: readonly Measurement[]): string[] {
  const latest = [...before].sort((a, b) => a.takenAt.localeCompare(b.takenAt)).at(-1)
  const listed: unknown = latest?.detail?.['activities']
  if (!Array.isArray(listed)) return []
  return listed
    .flatMap((one: unknown) => (typeof one === 'object' && one !== null && 'name' in one && typeof one.name === 'string' ? [one.name] : []))
    .slice(0, 5)
}

/** Mean of the scored activities to one decimal; null when none is scored. */
export function meanOf(activities: readonly { score: number }[]): number | null {
  if (activities.length === 0) return null
  return Math.round((activities.reduce((sum, activity) => sum + activity.score, 0) / activities.length) * 10) / 10
}
