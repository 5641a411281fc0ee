export interface TrendPoint {
  readonly at: string
  readonly value: number
}
export interface Plot {
  readonly x: number
  readonly y: number
  readonly point: TrendPoint
}
export interface Drawn {
  readonly plots: readonly Plot[]
  readonly path: string
  readonly targetY: number | null
  readonly ticks: readonly { y: number; label: string }[]
}

/** Lays points out in a box by time; the value axis spans the data, the target and a little air. */
export function drawTrend(
  points: readonly TrendPoint[],
  target: number | undefined,
  box: { width: number; height: number; left: number; top: number; bottom: number; right: number },
): Drawn {
  const sorted = [...points].filter((point) => !Number.isNaN(Date.parse(point.at))).sort((a, b) => a.at.localeCompare(b.at))
  const values = [...sorted.map((point) => point.value), ...(target === undefined ? [] : [target])]
  const low = Math.min(...values),
    high = Math.max(...values)
  const air = high === low ? Math.max(1, Math.abs(high) * 0.1) : (high - low) * 0.15
  const from = low >= 0 && low - air < 0 ? 0 : low - air,
    to = high + air
  const times = sorted.map((point) => Date.parse(point.at))
  const first = times[0] ?? 0,
    span = (times.at(-1) ?? 0) - first
  const innerWidth = box.width - box.left - box.right,
    innerHeight = box.height - box.top - box.bottom
  const y = (value: number): number => round(box.top + innerHeight * (1 - (value - from) / (to - from)))
  const plots = sorted.map((point, index) => ({
    x: round(box.left + (span === 0 ? innerWidth / 2 : (innerWidth * ((times[index] ?? first) - first)) / span)),
    y: y(point.value),
    point,
  }))
  const path = plots.map((plot, index) => `${index === 0 ? 'M' : 'L'}${plot.x} ${plot.y}`).join(' ')
  return {
    plots,
    path,
    targetY: target === undefined ? null : y(target),
    ticks: tickValues(from, to).map((value) => ({ y: y(value), label: String(value) })),
  }
}

function tickValues(from: number, to: number): number[] {
  const raw = (to - from) / 3
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? raw
  const ticks: number[] = []
  for (let value = Math.ceil(from / step) * step; value <= to && ticks.length < 8; value += step) ticks.push(Number(value.toFixed(6)))
  return ticks
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
