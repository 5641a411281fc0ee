import type { ChartReader, Visit } from '@gonio/sdk'

/** One read of the chart covers at most this many days. */
const DAYS_PER_READ = 62
const DAY_MS = 86_400_000

/** Visits of the clinic between two instants plus those of an episode, each once. */
export async function readVisits(chart: ChartReader, range: { fromMs: number; toMs: number }, episodeId: string | null): Promise<Visit[]> {
  const reads: Promise<readonly Visit[]>[] = episodeId === null ? [] : [chart.visits({ episodeId })]
  for (let from = range.fromMs; from < range.toMs; from += DAYS_PER_READ * DAY_MS) {
    const to = Math.min(range.toMs, from + DAYS_PER_READ * DAY_MS)
    reads.push(chart.visits({ from: new Date(from).toISOString(), to: new Date(to).toISOString() }))
  }
  const visits = (await Promise.all(reads)).flat()
  return [...new Map(visits.map((visit) => [visit.id, visit])).values()]
}
