import fc from 'fast-check'

import { makeId } from './example.data.ts'
import { NoteFacts } from './facts.ts'
import type { NoteKind } from './facts.ts'
import { SERVICES } from './services.data.ts'

/** Random but possible facts of an episode, hostile words included. For properties of the drafter and the verifier. */
export function arbitraryFacts(kind: NoteKind): fc.Arbitrary<NoteFacts> {
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
  const service = fc.record({
    service: fc.constantFrom(...Object.keys(SERVICES), 'dry-needling'),
    minutes: fc.integer({ min: 0, max: 60 }),
    side: optional(side),
  })
  const performed = fc.record({
    exercise: words,
    sets: optional(fc.integer({ min: 1, max: 5 })),
    reps: optional(fc.integer({ min: 1, max: 30 })),
    load: optional(load),
    side: optional(side),
    response: optional(words),
  })
  const remark = fc.record({ by: fc.constantFrom('patient', 'clinician'), text: words })
  const visit = fc.record({
    services: fc.array(service, { maxLength: 5 }),
    performed: fc.array(performed, { maxLength: 5 }),
    remarks: fc.array(remark, { maxLength: 4 }),
  })
  const measurement = fc.record({
    measure: fc.constantFrom(...CODES),
    at: fc.constantFrom(null, 0, 1, 2),
    value: fc.integer({ min: 0, max: 1_000 }),
    side,
    activities: fc.array(fc.record({ name: words, score: fc.integer({ min: 0, max: 10 }) }), { maxLength: 6 }),
  })
  const goal = fc.record({
    code: fc.constantFrom('nprs', 'psfs', 'lefs', 'rom.knee-flexion', 'tug'),
    target: fc.integer({ min: 0, max: 130 }),
    direction: fc.constantFrom('up', 'down'),
    state: fc.constantFrom('open', 'met', 'dropped'),
  })
  return fc
    .record({
      side,
      region: fc.constantFrom('knee', 'lumbar-spine', 'wrist-hand', 'balance', 'other'),
      referredBy: fc.option(words),
      onset: fc.boolean(),
      diagnoses: fc.subarray(['Z47.1', 'Z96.651', 'M54.50']),
      plan: fc.option(
        fc.record({
          frequencyPerWeek: fc.constantFrom(1, 2, 3, 0.5),
          durationWeeks: fc.integer({ min: 1, max: 12 }),
          certifiedTo: fc.constant('2026-04-27'),
        }),
      ),
      visits: fc.array(visit, { minLength: 3, maxLength: 3 }),
      measurements: fc.array(measurement, { maxLength: 14 }),
      goals: fc.array(goal, { maxLength: 3 }),
      birth: fc.boolean(),
      next: fc.boolean(),
      hasEvaluation: fc.boolean(),
    })
    .map((parts) => build(kind, parts))
}

const side = fc.constantFrom('left' as const, 'right' as const, 'bilateral' as const, 'none' as const)
/** Words with what could confuse a verifier: numbers, sides, negations, quotes, dates, spaces, other scripts. */
const words = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== ''),
  fc
    .array(
      fc.constantFrom(
        'left',
        'right',
        'no',
        'not',
        'pain',
        '3/10',
        '110°',
        '12',
        'min',
        '×',
        'both',
        '"',
        'evaluation',
        'knee flexion',
        '03/09/2026',
        'ä',
        'two',
        'raise',
        'unchanged',
        '2 lb',
        '.',
        'İ',
      ),
      { minLength: 1, maxLength: 8 },
    )
    .map((list) => list.join(' ')),
)
const load = fc.constantFrom('2 lb', '10', 'red band', '3 × 10', '5 kg left', 'no load', '50%')
const CODES = [
  { code: 'nprs', unit: '{score}', max: 10 },
  { code: 'psfs', unit: '{score}', max: 10 },
  { code: 'lefs', unit: '{score}', max: 80 },
  { code: 'rom.knee-flexion', unit: 'deg', max: 150 },
  { code: 'rom.knee-extension', unit: 'deg', max: -10 },
  { code: 'strength.quadriceps', unit: '{score}', max: 5 },
  { code: 'tug', unit: 's', max: 30 },
  { code: 'gait-speed', unit: 'm/s', max: 2 },
  { code: 'girth.knee', unit: 'cm', max: 50 },
  { code: 'nprs', unit: '{score}', max: 14 },
] as const
const TIMES = ['2026-03-02', '2026-03-05', '2026-03-09'] as const

interface Parts {
  side: string
  region: string
  referredBy: string | null
  onset: boolean
  diagnoses: string[]
  plan: object | null
  visits: object[]
  measurements: { measure: (typeof CODES)[number]; at: number | null; value: number; side: string; activities: object[] }[]
  goals: { code: string; target: number; direction: string; state: string }[]
  birth: boolean
  next: boolean
  hasEvaluation: boolean
}

function build(kind: NoteKind, parts: Parts): NoteFacts {
  const visits = parts.visits.map((visit, index) => ({
    ...visit,
    id: makeId(200 + index),
    kind: index === 0 && parts.hasEvaluation ? 'evaluation' : 'treatment',
    state: 'completed',
    startsAt: `${TIMES[index] ?? TIMES[0]}T15:00:00Z`,
    endsAt: `${TIMES[index] ?? TIMES[0]}T16:00:00Z`,
  }))
  const subject = kind === 'discharge-summary' ? null : (visits[kind === 'evaluation' ? 0 : 2] ?? null)
  return NoteFacts.parse({
    kind,
    visit: subject === null ? null : { ...subject, kind: kind === 'evaluation' ? 'evaluation' : subject.kind },
    patient: parts.birth ? { id: makeId(100), birthDate: '1960-07-01' } : null,
    episode: {
      id: makeId(101),
      bodyRegion: parts.region,
      side: parts.side,
      diagnoses: parts.diagnoses,
      onsetDate: parts.onset ? '2026-02-01' : null,
      referredBy: parts.referredBy,
      plan: parts.plan,
      dischargedAt: kind === 'discharge-summary' ? '2026-04-24T18:00:00Z' : null,
    },
    history: [
      ...visits.filter((visit) => visit.id !== subject?.id && kind !== 'evaluation'),
      ...(parts.next ? [{ id: makeId(299), state: 'booked', startsAt: '2026-03-12T15:00:00Z', endsAt: '2026-03-12T16:00:00Z' }] : []),
    ],
    measurements: parts.measurements.map((row, n) => ({
      id: makeId(300 + n),
      visitId: row.at === null ? null : makeId(200 + row.at),
      code: row.measure.code,
      unit: row.measure.unit,
      side: row.side,
      value: Math.round((row.value / 1_000) * row.measure.max * 10) / 10,
      takenAt:
        row.at === null
          ? `2026-02-20T15:00:${String(n).padStart(2, '0')}Z`
          : `${TIMES[row.at] ?? TIMES[0]}T15:00:${String(n).padStart(2, '0')}Z`,
      detail: row.measure.code === 'psfs' ? { activities: row.activities } : null,
    })),
    goals: parts.goals.map((goal, n) => ({
      id: makeId(400 + n),
      label: `LTG-${n + 1}`,
      term: 'long',
      measurementCode: goal.code,
      target: goal.target,
      direction: goal.direction,
      targetDate: '2026-04-27',
      state: goal.state,
    })),
  })
}
