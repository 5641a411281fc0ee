import { Refusal } from '@gonio/sdk'
import type { ChartReader, Visit } from '@gonio/sdk'

const WEEK_MS = 7 * 86_400_000
/** Every row a run reads is checked again when it commits; past this many a run is better split. */
const MAX_VISITS = 2_400

/** Visits of the clinic week by week until `toMs` or until the calendar is too full to read on; `readToMs` says how far it went. */
export async function readCalendar(
  chart: ChartReader,
  range: { fromMs: number; toMs: number },
): Promise<{ visits: Visit[]; readToMs: number }> {
  const visits = new Map<string, Visit>()
  let from = range.fromMs
  while (from < range.toMs && visits.size < MAX_VISITS) {
    const to = Math.min(range.toMs, from + WEEK_MS)
    for (const visit of await chart.visits({ from: toIso(from), to: toIso(to) })) visits.set(visit.id, visit)
    from = to
  }
  return { visits: [...visits.values()], readToMs: from }
}

/** The same, all of it or a refusal. */
export async function readWholeCalendar(chart: ChartReader, range: { fromMs: number; toMs: number }): Promise<Visit[]> {
  const { visits, readToMs } = await readCalendar(chart, range)
  if (readToMs < range.toMs) throw new Refusal('too-many', 'The calendar is too full for that many days at once. Search fewer days.')
  return visits
}

/** Only what could collide with the given visits: what overlaps them in time, and every visit of the patient. */
export async function readAround(
  chart: ChartReader,
  visits: readonly { startsAt: string; endsAt: string }[],
  patientId: string,
): Promise<Visit[]> {
  const episodes = await chart.episodes({ patientId })
  const found = await Promise.all([
    ...visits
      .filter((visit) => Date.parse(visit.startsAt) < Date.parse(visit.endsAt))
      .map((visit) => chart.visits({ from: visit.startsAt, to: visit.endsAt })),
    ...episodes.map((episode) => chart.visits({ episodeId: episode.id })),
  ])
  return [...new Map(found.flat().map((visit) => [visit.id, visit])).values()]
}

function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
