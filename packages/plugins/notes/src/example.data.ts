import { NoteFacts } from './facts.ts'

export function makeId(n: number): string {
  return `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
}

const score = (
  n: number,
  visitId: string,
  code: string,
  value: number,
  takenAt: string,
  detail: Record<string, unknown> | null = null,
) => ({
  id: makeId(n),
  visitId,
  code,
  value,
  unit: '{score}',
  side: 'none',
  takenAt,
  detail,
})
const flexion = (n: number, visitId: string, value: number, takenAt: string) => ({
  id: makeId(n),
  visitId,
  code: 'rom.knee-flexion',
  value,
  unit: 'deg',
  side: 'right',
  takenAt,
})

/** An invented episode: knee replacement, third visit. For tests and the README. */
export const DAILY_FACTS: NoteFacts = NoteFacts.parse({
  kind: 'daily-note',
  timeZone: 'America/New_York',
  patient: { id: makeId(100), birthDate: '1953-04-12' },
  episode: {
    id: makeId(101),
    bodyRegion: 'knee',
    side: 'right',
    diagnoses: ['Z47.1', 'Z96.651'],
    onsetDate: '2026-02-17',
    referredBy: 'Dr. Ana Ruiz',
    plan: { frequencyPerWeek: 2, durationWeeks: 8, certifiedTo: '2026-04-27' },
  },
  visit: {
    id: makeId(203),
    kind: 'treatment',
    state: 'completed',
    startsAt: '2026-03-09T14:00:00Z',
    endsAt: '2026-03-09T14:55:00Z',
    services: [
      { service: 'therapeutic-exercise', minutes: 23 },
      { service: 'manual-therapy', minutes: 15, side: 'right' },
      { service: 'cold-hot-pack', minutes: 10 },
    ],
    performed: [
      { exercise: 'Straight leg raise', sets: 3, reps: 10, side: 'right', response: 'no lag on the last set' },
      { exercise: 'Sit to stand', sets: 2, reps: 8, load: 'chair 18 in', response: 'needs arms for the last two' },
    ],
    remarks: [
      { by: 'patient', text: 'Stairs are easier, still stiff in the morning. No fever.' },
      { by: 'clinician', text: 'Incision dry, no redness.' },
    ],
  },
  history: [
    { id: makeId(201), kind: 'evaluation', state: 'completed', startsAt: '2026-03-02T15:00:00Z', endsAt: '2026-03-02T16:00:00Z' },
    { id: makeId(202), kind: 'treatment', state: 'completed', startsAt: '2026-03-05T15:00:00Z', endsAt: '2026-03-05T15:45:00Z' },
    { id: makeId(204), kind: 'treatment', state: 'booked', startsAt: '2026-03-12T14:00:00Z', endsAt: '2026-03-12T14:45:00Z' },
  ],
  measurements: [
    score(301, makeId(201), 'nprs', 6, '2026-03-02T15:10:00Z'),
    score(302, makeId(202), 'nprs', 5, '2026-03-05T15:10:00Z'),
    score(303, makeId(203), 'nprs', 4, '2026-03-09T14:05:00Z'),
    flexion(311, makeId(201), 85, '2026-03-02T15:20:00Z'),
    flexion(312, makeId(202), 95, '2026-03-05T15:15:00Z'),
    flexion(313, makeId(203), 102, '2026-03-09T14:10:00Z'),
    score(321, makeId(201), 'psfs', 3, '2026-03-02T15:25:00Z'),
    score(322, makeId(203), 'psfs', 4.5, '2026-03-09T14:06:00Z', {
      activities: [
        { name: 'going up stairs', score: 5 },
        { name: 'kneeling', score: 4 },
      ],
    }),
    { id: makeId(331), visitId: makeId(203), code: 'girth.knee', value: 41, unit: 'cm', side: 'right', takenAt: '2026-03-09T14:12:00Z' },
  ],
  goals: [
    {
      id: makeId(401),
      label: 'LTG-1',
      term: 'long',
      measurementCode: 'rom.knee-flexion',
      target: 110,
      direction: 'up',
      targetDate: '2026-04-27',
    },
    { id: makeId(402), label: 'STG-1', term: 'short', measurementCode: 'nprs', target: 4, direction: 'down', targetDate: '2026-03-30' },
  ],
})

/** The evaluation of the same invented patient. */
export const EVALUATION_FACTS: NoteFacts = NoteFacts.parse({
  ...DAILY_FACTS,
  kind: 'evaluation',
  episode: { ...DAILY_FACTS.episode, plan: null },
  goals: [],
  history: [],
  visit: {
    id: makeId(201),
    kind: 'evaluation',
    state: 'completed',
    startsAt: '2026-03-02T15:00:00Z',
    endsAt: '2026-03-02T16:00:00Z',
    services: [
      { service: 'evaluation', minutes: 40 },
      { service: 'therapeutic-exercise', minutes: 12 },
    ],
    remarks: [
      { by: 'patient', text: 'I want to climb my stairs without the rail again.' },
      { by: 'clinician', text: 'Walks with a cane, short steps. Quad lag 5 degrees.' },
    ],
  },
  measurements: DAILY_FACTS.measurements.filter((fact) => fact.visitId === makeId(201)),
})

/** Its discharge, eight weeks later. */
export const DISCHARGE_FACTS: NoteFacts = NoteFacts.parse({
  ...DAILY_FACTS,
  kind: 'discharge-summary',
  episode: { ...DAILY_FACTS.episode, dischargedAt: '2026-04-24T18:00:00Z' },
  visit: null,
  history: [
    ...DAILY_FACTS.history.filter((visit) => visit.state === 'completed'),
    ...(DAILY_FACTS.visit === null ? [] : [DAILY_FACTS.visit]),
    { id: makeId(210), kind: 'discharge', state: 'completed', startsAt: '2026-04-23T14:00:00Z', endsAt: '2026-04-23T14:45:00Z' },
  ],
  measurements: [
    ...DAILY_FACTS.measurements,
    score(341, makeId(210), 'nprs', 1, '2026-04-23T14:05:00Z'),
    flexion(342, makeId(210), 118, '2026-04-23T14:10:00Z'),
    score(343, makeId(210), 'lefs', 61, '2026-04-23T14:12:00Z'),
  ],
})
