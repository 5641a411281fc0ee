import { expect, test } from 'vitest'

import { shiftableClock, uuidv7 } from './clock.ts'

test('uuidv7 makes distinct ids that sort in the order of their making, also within one millisecond and when time goes back', () => {
  const ids = Array.from({ length: 20_000 }, (_, at) => uuidv7(1_800_000_000_000 + Math.floor(at / 5_000) - (at % 7 === 0 ? 3 : 0)))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
  for (const id of ids.slice(0, 50)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('a shiftable clock goes back and returns', () => {
  const clock = shiftableClock()
  clock.goBack(3)
  expect(Date.now() - clock.now().getTime()).toBeGreaterThanOrEqual(3 * 86_400_000)
  clock.goBack(0)
  expect(Math.abs(Date.now() - clock.now().getTime())).toBeLessThan(1_000)
})
