import { expect, test } from 'vitest'

import { addDays, ageAt, clinicClock, formatAgo, formatInstant, instantAt, mondayOf } from './clinic-time.ts'

const NEW_YORK = 'America/New_York'

test('an instant is shown in the clinic’s zone with a plain space', () => {
  expect(formatInstant('2026-11-24T14:00:00Z', NEW_YORK, 'time')).toBe('9:00 AM')
})

test('a clinic time and its instant lead to each other in every hour of a year, also around both changes of the clock', () => {
  for (let hour = 0; hour < 366 * 24; hour += 1) {
    const date = addDays('2026-01-01', Math.floor(hour / 24))
    const minutes = (hour % 24) * 60 + 15
    // 2:15 AM does not exist on the day the clock jumps.
    if (date === '2026-03-08' && minutes === 135) continue
    expect(clinicClock(instantAt(date, minutes, NEW_YORK), NEW_YORK)).toEqual({ date, minutes })
  }
})

test('the hour that the change of the clock skips becomes an hour that exists', () => {
  expect(clinicClock(instantAt('2026-03-08', 150, NEW_YORK), NEW_YORK).date).toBe('2026-03-08')
})

test('a week starts on its Monday, also on a Sunday', () => {
  expect(mondayOf('2026-11-29')).toBe('2026-11-23')
  expect(mondayOf('2026-11-23')).toBe('2026-11-23')
})

test('an age grows on the birthday, not before', () => {
  expect(ageAt('1961-04-12', '2026-04-11')).toBe(64)
  expect(ageAt('1961-04-12', '2026-04-12')).toBe(65)
})

test('a distance in time is told in one short phrase', () => {
  const now = Date.parse('2026-11-24T12:00:00Z')
  expect(formatAgo('2026-11-24T11:45:00Z', now)).toBe('15 min ago')
  expect(formatAgo('2026-12-01T12:00:00Z', now)).toBe('in 7 days')
})
