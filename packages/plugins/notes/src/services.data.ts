/**
 * Neutral service keys with our own words, and whether their minutes are counted one-on-one in timed units. `electrical-stimulation` is the
 * unattended form. Source: CMS Pub 100-04 ch. 5 §20.2 (timed and untimed services); a note states both kinds, total timed minutes and
 * total treatment minutes: CMS Pub 100-02 ch. 15 §220.3.E.
 */
export const SERVICES_SOURCE = {
  source: 'CMS Pub 100-04 ch. 5 §20.2; Pub 100-02 ch. 15 §220.3.E',
  effectiveFrom: '2014-01-01',
  checkedOn: '2026-11-24',
} as const

export const SERVICES: Readonly<Record<string, { readonly title: string; readonly timed: boolean }>> = {
  'therapeutic-exercise': { title: 'therapeutic exercise', timed: true },
  'manual-therapy': { title: 'manual therapy', timed: true },
  'neuromuscular-reeducation': { title: 'neuromuscular re-education', timed: true },
  'gait-training': { title: 'gait training', timed: true },
  'therapeutic-activities': { title: 'therapeutic activities', timed: true },
  'self-care-education': { title: 'self-care training', timed: true },
  evaluation: { title: 'evaluation', timed: false },
  're-evaluation': { title: 're-evaluation', timed: false },
  'electrical-stimulation': { title: 'electrical stimulation', timed: false },
  'cold-hot-pack': { title: 'cold or hot pack', timed: false },
}
