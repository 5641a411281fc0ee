import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { followTrajectory } from './trajectory.ts'

const week = (at: number): string => new Date(Date.UTC(2026, 0, 5) + at * 7 * 86_400_000).toISOString()
const course = (values: readonly number[]) => values.map((value, at) => ({ at: week(at), value }))

describe('trajectory', () => {
  it('judges first to latest and names the trend', () => {
    expect(followTrajectory({ code: 'lefs', points: course([30, 36, 41, 45]) })).toMatchObject({
      change: 15,
      verdict: 'responder',
      trend: 'improving',
      perWeek: 5,
    })
    expect(followTrajectory({ code: 'nprs', points: course([4, 5, 7, 8]) })).toMatchObject({
      change: 4,
      verdict: 'worse',
      trend: 'worsening',
    })
    expect(followTrajectory({ code: 'lefs', points: course([30, 31, 30, 32]) })).toMatchObject({
      verdict: 'no-change-beyond-error',
      trend: 'flat',
    })
  })

  it('one odd measurement does not turn the trend', () => {
    expect(followTrajectory({ code: 'lefs', points: course([30, 35, 10, 45, 50]) }).trend).toBe('improving')
  })

  it('with one point is a baseline, with none is empty, neither with a verdict', () => {
    expect(followTrajectory({ code: 'nprs', points: course([5]) })).toMatchObject({
      verdict: null,
      trend: 'too-few',
      baseline: { value: 5 },
    })
    expect(followTrajectory({ code: 'nprs', points: [] })).toMatchObject({ baseline: null, latest: null, count: 0 })
  })

  it('of another measure has no verdict and takes the better direction from the goal', () => {
    const points = course([80, 90, 100, 110])
    expect(followTrajectory({ code: 'rom.knee-flexion', points, better: 'up' })).toMatchObject({
      verdict: null,
      trend: 'improving',
      change: 30,
    })
    expect(followTrajectory({ code: 'rom.knee-flexion', points })).toMatchObject({ trend: 'rising' })
  })

  it('PSFS with other activities can not be compared', () => {
    const points = [
      { at: week(0), value: 3, activities: ['Stairs', 'Lifting', 'Sleep'] },
      { at: week(3), value: 7, activities: ['Stairs', 'Lifting', 'Running'] },
    ]
    expect(followTrajectory({ code: 'psfs', points }).verdict).toBe('not-comparable')
    expect(
      followTrajectory({ code: 'psfs', points: points.map((point) => ({ ...point, activities: ['stairs ', 'Lifting', 'Sleep'] })) })
        .verdict,
    ).toBe('responder')
  })

  it('does not depend on the order of the points', () => {
    const points = fc.uniqueArray(fc.record({ day: fc.integer({ min: 0, max: 300 }), value: fc.integer({ min: 0, max: 80 }) }), {
      selector: (point) => point.day,
      maxLength: 30,
    })
    fc.assert(
      fc.property(
        points.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const follow = (of: typeof list) =>
            followTrajectory({ code: 'lefs', points: of.map(({ day, value }) => ({ at: week(day / 7), value })) })
          expect(follow(shuffled)).toEqual(follow(list))
        },
      ),
    )
  })
})
