import type { GoalTemplate, PlanTemplate, Source } from './template.ts'

const GEORGE_2021: Source = { title: 'George 2021, clinical practice guideline on low back pain', doi: '10.2519/jospt.2021.0304' }

const GOALS: readonly GoalTemplate[] = [
  {
    term: 'short',
    code: 'nprs',
    direction: 'down',
    due: 2,
    rule: { kind: 'change', by: 2, limit: 0 },
    text: 'Pain rating falls from {baseline}/10 to {target}/10 or less, to allow daily activity.',
    source: 'Childs 2005, doi:10.1097/01.brs.0000164099.92112.29: 2 points are a change beyond error',
  },
  {
    term: 'long',
    code: 'nprs',
    direction: 'down',
    due: 'end',
    rule: { kind: 'change', by: 2, reach: 3, limit: 0 },
    text: 'Pain rating falls from {baseline}/10 to {target}/10 or less, to allow daily activity without limits from pain.',
    source: 'Childs 2005, doi:10.1097/01.brs.0000164099.92112.29; 3/10 or less = low irritability',
  },
  {
    term: 'long',
    code: 'psfs',
    direction: 'up',
    due: 'end',
    rule: { kind: 'change', by: 2, limit: 10 },
    text: 'Patient-Specific Functional Scale mean rises from {baseline} to at least {target} out of 10{activities}.',
    source: 'Stratford 1995, doi:10.3138/ptc.47.4.258: 2 points of the mean are a change beyond error',
  },
  {
    term: 'long',
    code: 'lefs',
    direction: 'up',
    due: 'end',
    rule: { kind: 'change', by: 9, limit: 80 },
    text: 'Lower Extremity Functional Scale rises from {baseline} to at least {target} out of 80.',
    source: 'Binkley 1999, doi:10.1093/ptj/79.4.371',
  },
]

const BOTH = {
  effectiveFrom: '2021-11-01',
  checkedOn: '2026-11-24',
  source: GEORGE_2021,
  suggestedDiagnoses: { left: ['M54.50'], right: ['M54.50'], bilateral: ['M54.50'], none: ['M54.50'] },
  goals: GOALS,
} as const

/** Low back pain of less than 12 weeks. Facts of the guideline in our own words; visits and weeks are usual ranges, for the PT to change. */
export const ACUTE_LOW_BACK_PAIN: PlanTemplate = {
  ...BOTH,
  key: 'low-back-pain-acute',
  condition: 'Low back pain, acute or subacute',
  appliesTo: { regions: ['lumbar-spine'], weeksSinceOnset: { from: 0, to: 12 } },
  frequencyPerWeek: 2,
  durationWeeks: 4,
  visits: { from: 4, to: 8 },
  weeks: { from: 2, to: 6 },
  interventions: [
    {
      key: 'joint-mobilization',
      title: 'Lumbar joint mobilization, with or without thrust',
      service: 'manual-therapy',
      grade: 'A',
      source: GEORGE_2021,
      why: 'Lowers pain and disability in the short term in acute low back pain',
    },
    {
      key: 'trunk-activation',
      title: 'Trunk muscle activation and general exercise',
      service: 'therapeutic-exercise',
      grade: 'C',
      source: GEORGE_2021,
      why: 'An option in acute low back pain; early return to movement',
    },
    {
      key: 'active-education',
      title: 'Education: favorable course, staying active, self-care',
      service: 'self-care-education',
      grade: 'B',
      source: GEORGE_2021,
      why: 'Active education supports self-management better than advice to rest',
    },
    {
      key: 'soft-tissue-mobilization',
      title: 'Soft tissue mobilization',
      service: 'manual-therapy',
      grade: 'C',
      source: GEORGE_2021,
      why: 'An option for short-term relief beside active care',
    },
  ],
  precautions: ['Re-screen for red flags when leg symptoms spread, weakness grows or bladder, bowel or saddle sensation changes.'],
  notAlone: ['Bed rest', 'Passive care without exercise or education', 'Mechanical traction for leg pain'],
}

/** Low back pain of 12 weeks or more. */
export const CHRONIC_LOW_BACK_PAIN: PlanTemplate = {
  ...BOTH,
  key: 'low-back-pain-chronic',
  condition: 'Low back pain, chronic',
  appliesTo: { regions: ['lumbar-spine'], weeksSinceOnset: { from: 12, to: 10_000 } },
  frequencyPerWeek: 2,
  durationWeeks: 6,
  visits: { from: 8, to: 12 },
  weeks: { from: 6, to: 12 },
  interventions: [
    {
      key: 'trunk-strengthening',
      title: 'Trunk strengthening and endurance',
      service: 'therapeutic-exercise',
      grade: 'A',
      source: GEORGE_2021,
      why: 'Exercise training of the trunk lowers pain and disability in chronic low back pain',
    },
    {
      key: 'aerobic-exercise',
      title: 'Aerobic and general exercise, 20 to 60 minutes, 2 to 3 times a week',
      service: 'therapeutic-exercise',
      grade: 'A',
      source: GEORGE_2021,
      why: 'General and aerobic exercise are recommended and carry over to a home program',
    },
    {
      key: 'joint-mobilization',
      title: 'Joint mobilization, with or without thrust',
      service: 'manual-therapy',
      grade: 'A',
      source: GEORGE_2021,
      why: 'Lowers pain and disability; used together with exercise',
    },
    {
      key: 'movement-control',
      title: 'Movement control and trunk mobility training',
      service: 'neuromuscular-reeducation',
      grade: 'C',
      source: GEORGE_2021,
      why: 'An option when certain movements provoke the pain',
    },
    {
      key: 'pain-education',
      title: 'Pain education together with exercise',
      service: 'self-care-education',
      grade: 'B',
      source: GEORGE_2021,
      why: 'Helps when it accompanies exercise or manual therapy, not by itself',
    },
  ],
  precautions: ['Re-screen for red flags when symptoms change; consider a psychosocial screen when progress stalls.'],
  notAlone: ['Pain education without exercise', 'Electrical stimulation or ultrasound without active care'],
}
