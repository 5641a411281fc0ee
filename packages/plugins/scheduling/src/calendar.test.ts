import { describe, expect, test } from 'vitest'

import { openDay, tellTime, toInstantMs, toIso, toWindowMs } from './calendar.ts'

const NEW_YORK = 'America/New_York'
const at = (date: string, minute: number) => {
  const ms = toInstantMs(openDay(date, NEW_YORK), minute, NEW_YORK)
  return ms === null ? null : toIso(ms)
}

describe('clinic time', () => {
  test('a winter and a summer morning are different instants', () => {
    expect(at('2026-03-07', 9 * 60)).toBe('2026-03-07T14:00:00.000Z')
    expect(at('2026-03-09', 9 * 60)).toBe('2026-03-09T13:00:00.000Z')
  })

  test('minutes the clock jumps over in spring do not exist', () => {
    expect(openDay('2026-03-08', NEW_YORK).shifted).toBe(true)
    expect(at('2026-03-08', 119)).toBe('2026-03-08T06:59:00.000Z')
    expect(at('2026-03-08', 120)).toBeNull()
    expect(at('2026-03-08', 179)).toBeNull()
    expect(at('2026-03-08', 180)).toBe('2026-03-08T07:00:00.000Z')
    expect(at('2026-03-08', 9 * 60)).toBe('2026-03-08T13:00:00.000Z')
  })

  test('the hour repeated in fall is taken once, the first time', () => {
    expect(at('2026-11-01', 90)).toBe('2026-11-01T05:30:00.000Z')
    expect(at('2026-11-01', 120)).toBe('2026-11-01T07:00:00.000Z')
    expect(at('2026-11-01', 9 * 60)).toBe('2026-11-01T14:00:00.000Z')
  })

  test('hours to midnight end when the day ends', () => {
    expect(at('2026-11-01', 1_440)).toBe('2026-11-02T05:00:00.000Z')
  })

  test('hours that begin in the gap begin when the clock has jumped', () => {
    const window = toWindowMs(openDay('2026-03-08', NEW_YORK), { from: 150, to: 300 }, NEW_YORK)
    expect(toIso(window.fromMs)).toBe('2026-03-08T07:30:00.000Z')
  })

  test('a time is told as the clinic says it', () => {
    expect(tellTime('2026-03-09T18:30:00Z', NEW_YORK)).toBe('Mon, 03/09, 2:30 PM')
  })
})
