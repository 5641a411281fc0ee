import { expect, test } from 'vitest'

import { drawTrend } from './trend.ts'

const BOX = { width: 340, height: 132, left: 30, right: 14, top: 12, bottom: 20 }

test('every point and the target lie inside the box, oldest left', () => {
  const drawn = drawTrend(
    [
      { at: '2026-11-20', value: 3 },
      { at: '2026-11-01', value: 7 },
      { at: '2026-11-10', value: 4 },
    ],
    2,
    BOX,
  )
  expect(drawn.plots.map((plot) => plot.point.value)).toEqual([7, 4, 3])
  for (const { x, y } of drawn.plots) {
    expect(x).toBeGreaterThanOrEqual(BOX.left)
    expect(x).toBeLessThanOrEqual(BOX.width - BOX.right)
    expect(y).toBeGreaterThanOrEqual(BOX.top)
    expect(y).toBeLessThanOrEqual(BOX.height - BOX.bottom)
  }
  expect(drawn.targetY).not.toBeNull()
})

test('one point, equal points and a bad date draw without a broken number', () => {
  const one = drawTrend([{ at: '2026-11-20', value: 5 }], undefined, BOX)
  const equal = drawTrend(
    [
      { at: '2026-11-20', value: 0 },
      { at: '2026-11-21', value: 0 },
      { at: 'never', value: 9 },
    ],
    undefined,
    BOX,
  )
  expect(`${one.path}${equal.path}`).not.toMatch(/NaN|Infinity/)
  expect(equal.plots).toHaveLength(2)
  expect(equal.ticks.length).toBeGreaterThan(0)
})
