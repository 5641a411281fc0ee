import type { PlanTemplate, Source } from './template.ts'

const JETTE_2020: Source = { title: 'Jette 2020, clinical practice guideline on total knee arthroplasty', doi: '10.1093/ptj/pzaa099' }

/**
 * After total knee replacement. Knee extension has no goal here: clinics record a lack of extension with different signs, so the PT adds it.
 * Visits and weeks are usual ranges, for the PT to change.
 */
export const KNEE_REPLACEMENT: PlanTemplate = {
  key: 'knee-replacement',
  condition: 'Status post total knee replacement',
  effectiveFrom: '2020-09-01',
  checkedOn: '2026-11-24',
  source: JETTE_2020,
  appliesTo: {
    regions: ['knee'],
    needs: { diagnosisPrefixes: ['Z96.65', 'Z47.1'], phrases: ['knee replacement', 'knee arthroplasty', 'tka', 'tkr'] },
  },
  suggestedDiagnoses: { left: ['Z47.1', 'Z96.652'], right: ['Z47.1', 'Z96.651'], bilateral: ['Z47.1', 'Z96.653'] },
  frequencyPerWeek: 2,
  durationWeeks: 8,
  visits: { from: 12, to: 18 },
  weeks: { from: 8, to: 12 },
  interventions: [
    {
      key: 'high-intensity-strengthening',
      title: 'Progressive high-intensity strengthening',
      service: 'therapeutic-exercise',
      grade: 'B',
      source: JETTE_2020,
      why: 'Strength training of high intensity in the early period after surgery improves strength, motion and function',
    },
    {
      key: 'quadriceps-stimulation',
      title: 'Neuromuscular electrical stimulation of the quadriceps',
      service: 'electrical-stimulation',
      grade: 'B',
      source: JETTE_2020,
      why: 'Improves quadriceps strength and walking when added to exercise',
    },
    {
      key: 'motor-function-training',
      title: 'Balance, gait and stair training',
      service: 'gait-training',
      grade: 'A',
      source: JETTE_2020,
      why: 'Training of balance, walking and movement symmetry is recommended after knee replacement',
    },
    {
      key: 'knee-motion',
      title: 'Knee range-of-motion exercise and teaching',
      service: 'therapeutic-exercise',
      grade: 'consensus',
      source: JETTE_2020,
      why: 'Active, assisted and passive motion teaching is part of good practice after surgery',
    },
    {
      key: 'cryotherapy',
      title: 'Cryotherapy, with teaching for home use',
      service: 'cold-hot-pack',
      grade: 'A',
      source: JETTE_2020,
      why: 'Eases early pain after surgery',
    },
  ],
  precautions: [
    "Follow the surgeon's weight-bearing and motion limits.",
    'Calf swelling, tenderness or pitting edema: screen for deep-vein thrombosis before treatment.',
    'Wound drainage, spreading redness or fever: contact the surgeon the same day.',
  ],
  notAlone: ['Continuous passive motion'],
  goals: [
    {
      term: 'short',
      code: 'rom.knee-flexion',
      direction: 'up',
      due: 2,
      rule: { kind: 'level', target: 90 },
      text: '{side} knee flexion rises from {baseline}° to at least {target}°, to allow sitting in and rising from a chair.',
      source: 'Usual post-operative milestone; Jette 2020, doi:10.1093/ptj/pzaa099',
    },
    {
      term: 'short',
      code: 'nprs',
      direction: 'down',
      due: 4,
      rule: { kind: 'change', by: 2, limit: 0 },
      text: 'Pain rating falls from {baseline}/10 to {target}/10 or less during walking at home.',
      source: 'Childs 2005, doi:10.1097/01.brs.0000164099.92112.29',
    },
    {
      term: 'long',
      code: 'rom.knee-flexion',
      direction: 'up',
      due: 'end',
      rule: { kind: 'level', target: 110 },
      text: '{side} knee flexion rises from {baseline}° to at least {target}°, to allow reciprocal stairs.',
      source: 'Usual post-operative milestone; Jette 2020, doi:10.1093/ptj/pzaa099',
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
    {
      term: 'long',
      code: 'tug',
      direction: 'down',
      due: 'end',
      rule: { kind: 'level', target: 12 },
      text: 'Timed Up and Go falls from {baseline} s to {target} s or less, for safe walking in the community.',
      source: 'CDC STEADI: 12 s or more marks a risk of falling',
    },
    {
      term: 'long',
      code: 'psfs',
      direction: 'up',
      due: 'end',
      rule: { kind: 'change', by: 2, limit: 10 },
      text: 'Patient-Specific Functional Scale mean rises from {baseline} to at least {target} out of 10{activities}.',
      source: 'Stratford 1995, doi:10.3138/ptc.47.4.258',
    },
  ],
}
