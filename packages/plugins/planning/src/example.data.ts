import type { PlanFacts } from './facts.ts'

/** Facts of an invented evaluation, for tests and the README. */
export const EXAMPLE_FACTS: PlanFacts = {
  episode: {
    id: '01900000-0000-7000-8000-000000000101',
    version: 3,
    bodyRegion: 'lumbar-spine',
    side: 'none',
    diagnoses: ['M54.50'],
    onsetDate: '2025-12-15',
    authorizedVisits: null,
    authorizedTo: null,
  },
  evaluation: { id: '01900000-0000-7000-8000-000000000102', date: '2026-01-05', remarks: [] },
  measurements: [
    { id: '01900000-0000-7000-8000-000000000111', code: 'nprs', value: 6, side: 'none', takenAt: '2026-01-05T15:00:00Z', detail: null },
    {
      id: '01900000-0000-7000-8000-000000000112',
      code: 'psfs',
      value: 4,
      side: 'none',
      takenAt: '2026-01-05T15:01:00Z',
      detail: {
        activities: [
          { name: 'lifting a laundry basket', score: 3 },
          { name: 'sitting at a desk', score: 5 },
        ],
      },
    },
  ],
  goals: [],
  minutesPerVisit: 45,
}
