import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { chooseTemplate, TEMPLATES } from './choose-template.ts'
import { computeTarget, draftGoals } from './draft-goals.ts'
import { EXAMPLE_FACTS } from './example.data.ts'

const RULES = TEMPLATES.flatMap((template) => template.goals)

describe('goals', () => {
  test.each([
    ['pain falls by two points', 'down', { kind: 'change', by: 2, limit: 0 }, 6, 4],
    ['long-term pain reaches three or less', 'down', { kind: 'change', by: 2, reach: 3, limit: 0 }, 8, 3],
    ['low pain still falls by two', 'down', { kind: 'change', by: 2, reach: 3, limit: 0 }, 4, 2],
    ['pain of one leaves no room for a change beyond error', 'down', { kind: 'change', by: 2, limit: 0 }, 1, null],
    ['LEFS rises by nine', 'up', { kind: 'change', by: 9, limit: 80 }, 41, 50],
    ['LEFS of 72 leaves no room', 'up', { kind: 'change', by: 9, limit: 80 }, 72, null],
    ['PSFS keeps one decimal', 'up', { kind: 'change', by: 2, limit: 10 }, 3.3, 5.3],
    ['flexion of 85 aims at 110', 'up', { kind: 'level', target: 110 }, 85, 110],
    ['flexion of 115 needs no goal', 'up', { kind: 'level', target: 110 }, 115, null],
  ] as const)('%s', (_name, direction, rule, baseline, target) => {
    expect(computeTarget({ direction, rule }, baseline)).toBe(target)
  })

  test('a target is always better than its baseline, or there is no goal', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RULES),
        fc.integer({ min: 0, max: 1_800 }).map((n) => n / 10),
        (rule, baseline) => {
          const target = computeTarget(rule, baseline)
          if (target === null) return
          expect(rule.direction === 'up' ? target > baseline : target < baseline).toBe(true)
          if (rule.rule.kind === 'change') expect(Math.abs(target - baseline)).toBeGreaterThanOrEqual(rule.rule.by - 0.051)
        },
      ),
    )
  })

  test('labels count on from those the episode ever had', () => {
    const chosen = chooseTemplate(EXAMPLE_FACTS)
    if (chosen === null) throw new Error('no template')
    const { goals } = draftGoals({ ...EXAMPLE_FACTS, goals: [{ label: 'LTG-2' }, { label: 'STG-1' }] }, chosen.template)
    expect(goals.map((goal) => goal.label)).toEqual(['STG-2', 'LTG-3', 'LTG-4'])
  })

  test("the measurement of the episode's side is the baseline", () => {
    const knee = TEMPLATES.find((template) => template.key === 'knee-replacement')
    if (knee === undefined) throw new Error('no template')
    const rom = (id: string, side: 'left' | 'right', value: number) => ({
      id,
      code: 'rom.knee-flexion',
      value,
      side,
      takenAt: '2026-01-05T15:00:00Z',
      detail: null,
    })
    const facts = {
      ...EXAMPLE_FACTS,
      episode: { ...EXAMPLE_FACTS.episode, bodyRegion: 'knee' as const, side: 'right' as const },
      measurements: [rom('01900000-0000-7000-8000-000000000121', 'right', 85), rom('01900000-0000-7000-8000-000000000122', 'left', 135)],
    }
    const { goals } = draftGoals(facts, knee)
    expect(goals.map((goal) => goal.text)).toEqual([
      'Right knee flexion rises from 85° to at least 90°, to allow sitting in and rising from a chair.',
      'Right knee flexion rises from 85° to at least 110°, to allow reciprocal stairs.',
    ])
  })
})
