import type { BodyRegion } from '@gonio/sdk'

import type { Condition } from './condition.ts'

export type FlagLevel = 'E' | 'D' | 'T'

/** A rule as data. Level E: stop, emergency text, a person at once. D: a doctor the same day. T: the therapist reviews. */
export interface RedFlagRule {
  readonly id: string
  readonly version: number
  readonly level: FlagLevel
  readonly title: string
  readonly when: Condition
  readonly source: string
  readonly effectiveFrom: string
  readonly checkedOn: string
  /** Rules of level E always read "unsure" as yes; a rule of another level says so here. */
  readonly unsureIsYes?: true
}

const SPINE: readonly BodyRegion[] = ['lumbar-spine', 'thoracic-spine', 'cervical-spine']
const JOINTS: readonly BodyRegion[] = ['shoulder', 'elbow', 'wrist-hand', 'hip', 'knee', 'ankle-foot', 'balance', 'other']
const item = (id: string): Condition => ({ item: id })
const any = (...ids: readonly string[]): Condition => ({ any: ids.map(item) })

/** Wells DVT score, two-level version: at least 2 = likely. Surgery counts for 12 weeks (older text: 4). */
const WELLS: Readonly<Record<string, number>> = {
  'active-cancer-6-months': 1,
  'leg-cast-or-paralysis': 1,
  'bedridden-3-days': 1,
  'recent-surgery-12-weeks': 1,
  'calf-tenderness': 1,
  'whole-leg-swelling': 1,
  'calf-swelling-over-3cm': 1,
  'pitting-edema': 1,
  'surface-veins': 1,
  'prior-dvt': 1,
  'alternative-diagnosis-likely': -2,
}
// "Bedridden 3 days or major surgery within 12 weeks" is one criterion: when both hold the second point is taken back by this pair.
const BED_AND_SURGERY: Condition = { all: [item('bedridden-3-days'), item('recent-surgery-12-weeks')] }
const wells = (from: number): Condition => ({
  any: [{ all: [{ points: WELLS, from }, { none: [BED_AND_SURGERY] }] }, { all: [{ points: WELLS, from: from + 1 }, BED_AND_SURGERY] }],
})
const WELLS_ANY = any(...Object.keys(WELLS).filter((id) => id !== 'alternative-diagnosis-likely'))
const LEG_SIGN = any('calf-tenderness', 'whole-leg-swelling', 'calf-swelling-over-3cm', 'pitting-edema', 'surface-veins')
const NEURO = any(
  'new-limb-weakness',
  'progressive-leg-weakness',
  'saddle-numbness',
  'bladder-change',
  'bowel-change',
  'bilateral-leg-symptoms',
  'gait-clumsiness',
  'hand-clumsiness',
)
// Patients are asked three of the five low-risk factors; the other two are for staff.
const LOW_RISK_ASKED = ['simple-rear-end', 'walked-since-injury', 'delayed-neck-pain']
const HAS_LOW_RISK_NECK: Condition = { any: [...LOW_RISK_ASKED, 'sitting-in-ed', 'no-midline-tenderness'].map((id) => ({ sure: id })) }
const NO_LOW_RISK_NECK: Condition = { all: [...LOW_RISK_ASKED.map((id) => ({ denied: id })), { none: [HAS_LOW_RISK_NECK] }] }

const CES = 'Dionne 2019 (pooled accuracy of cauda equina features); IFOMPT red flag framework 2020'
const CANCER = 'Deyo & Diehl 1988; IFOMPT red flag framework 2020'
const DVT = 'Wells 2003 (two-level score), surgery within 12 weeks'
const NECK = 'Stiell 2003, Canadian C-Spine Rule'
const ARTERY = 'IFOMPT cervical framework 2020'
const FRACTURE = 'Henschke 2009'
const JOINT = 'Common emergency triage practice: septic joint, compartment syndrome, open injury'
const dated = { version: 1, effectiveFrom: '2026-01-01', checkedOn: '2026-11-24' } as const

export const RED_FLAG_RULES: readonly RedFlagRule[] = [
  {
    ...dated,
    id: 'cauda-equina',
    level: 'E',
    title: 'Possible cauda equina syndrome',
    source: CES,
    when: {
      any: [
        any('saddle-numbness', 'bladder-change', 'bowel-change', 'sexual-dysfunction', 'progressive-leg-weakness'),
        { all: [item('bilateral-leg-symptoms'), { regions: [...SPINE, 'hip', 'other'] }] },
      ],
    },
  },
  {
    ...dated,
    id: 'both-legs',
    level: 'T',
    title: 'Symptoms in both legs',
    source: CES,
    when: { all: [item('bilateral-leg-symptoms'), { none: [{ regions: [...SPINE, 'hip', 'other'] }] }] },
  },
  {
    ...dated,
    id: 'cord-compression',
    level: 'D',
    title: 'Possible spinal cord compression',
    source: 'Cook 2010, cervical myelopathy cluster',
    when: any('gait-clumsiness', 'hand-clumsiness'),
  },
  {
    ...dated,
    id: 'new-limb-weakness',
    level: 'T',
    title: 'New weakness of a limb',
    source: 'IFOMPT red flag framework 2020',
    when: item('new-limb-weakness'),
  },
  {
    ...dated,
    id: 'spinal-cancer-neuro',
    level: 'E',
    title: 'Cancer history, spine pain and nerve signs',
    source: CANCER,
    when: { all: [item('history-of-cancer'), { regions: SPINE }, NEURO] },
  },
  {
    ...dated,
    id: 'spinal-cancer',
    level: 'D',
    title: 'Cancer history with spine pain',
    source: CANCER,
    when: { all: [item('history-of-cancer'), { regions: SPINE }] },
  },
  {
    ...dated,
    id: 'cancer-history',
    level: 'T',
    title: 'Cancer history',
    source: CANCER,
    when: { all: [item('history-of-cancer'), { regions: JOINTS }] },
  },
  {
    ...dated,
    id: 'weight-loss-cluster',
    level: 'D',
    title: 'Weight loss with night pain, fever or age over 50',
    source: CANCER,
    when: {
      all: [item('unexplained-weight-loss'), { regions: SPINE }, { any: [item('night-pain'), item('fever-or-chills'), { ageOver: 50 }] }],
    },
  },
  { ...dated, id: 'weight-loss', level: 'T', title: 'Unexplained weight loss', source: CANCER, when: item('unexplained-weight-loss') },
  { ...dated, id: 'night-pain', level: 'T', title: 'Night or rest pain', source: CANCER, when: item('night-pain') },
  {
    ...dated,
    id: 'spinal-infection-neuro',
    level: 'E',
    title: 'Fever, spine pain and nerve signs',
    source: 'IFOMPT red flag framework 2020',
    when: { all: [item('fever-or-chills'), { regions: SPINE }, NEURO] },
  },
  {
    ...dated,
    id: 'spinal-infection',
    level: 'D',
    title: 'Possible spinal infection',
    source: 'IFOMPT red flag framework 2020',
    when: {
      all: [
        { regions: SPINE },
        {
          any: [
            item('fever-or-chills'),
            { all: [any('weak-immune-system', 'recent-infection-or-procedure', 'iv-drug-use'), item('night-pain')] },
          ],
        },
      ],
    },
  },
  {
    ...dated,
    id: 'infection-risk',
    level: 'T',
    title: 'Higher risk of infection',
    source: 'IFOMPT red flag framework 2020',
    when: any('weak-immune-system', 'recent-infection-or-procedure', 'iv-drug-use'),
  },
  {
    ...dated,
    id: 'fever',
    level: 'T',
    title: 'Fever or chills',
    source: 'IFOMPT red flag framework 2020',
    when: { all: [item('fever-or-chills'), { regions: JOINTS }] },
  },
  {
    ...dated,
    id: 'spinal-fracture-neuro',
    level: 'E',
    title: 'Injury, spine pain and nerve signs',
    source: FRACTURE,
    when: { all: [{ regions: SPINE }, item('major-trauma'), NEURO] },
  },
  {
    ...dated,
    id: 'spinal-fracture',
    level: 'D',
    title: 'Possible vertebral fracture: imaging first',
    source: FRACTURE,
    when: {
      all: [
        { regions: SPINE },
        {
          any: [
            item('major-trauma'),
            {
              all: [item('minor-trauma'), { any: [{ ageOver: 70 }, any('osteoporosis', 'long-steroid-use', 'prior-fragility-fracture')] }],
            },
            { all: [{ ageOver: 70 }, item('long-steroid-use')] },
          ],
        },
      ],
    },
  },
  {
    ...dated,
    id: 'fracture-risk',
    level: 'T',
    title: 'Higher risk of fracture',
    source: FRACTURE,
    when: any('osteoporosis', 'prior-fragility-fracture', 'long-steroid-use'),
  },
  {
    ...dated,
    id: 'pulmonary-embolism',
    level: 'E',
    title: 'Possible lung clot',
    source: DVT,
    when: { all: [WELLS_ANY, any('shortness-of-breath', 'chest-pain', 'coughing-blood')] },
  },
  {
    ...dated,
    id: 'dvt-likely',
    level: 'D',
    title: 'Leg clot likely (Wells 2 or more): ultrasound the same day',
    source: DVT,
    unsureIsYes: true,
    when: { all: [LEG_SIGN, wells(2)] },
  },
  {
    ...dated,
    id: 'dvt-possible',
    level: 'D',
    title: 'Leg clot possible (Wells 1)',
    source: DVT,
    unsureIsYes: true,
    when: { all: [LEG_SIGN, wells(1), { none: [wells(2)] }] },
  },
  // The score is for a leg in which a clot is suspected: a risk alone, or a sign with a likelier cause, goes to the therapist.
  {
    ...dated,
    id: 'dvt-risk',
    level: 'T',
    title: 'Higher risk of a leg clot: look at the leg',
    source: DVT,
    unsureIsYes: true,
    when: { all: [WELLS_ANY, { none: [{ all: [LEG_SIGN, wells(1)] }] }] },
  },
  {
    ...dated,
    id: 'heart-or-lung',
    level: 'E',
    title: 'Chest pain, new trouble breathing or coughing blood',
    source: 'American Heart Association, heart attack warning signs',
    when: any('chest-pain', 'shortness-of-breath', 'coughing-blood'),
  },
  {
    ...dated,
    id: 'stroke-or-artery',
    level: 'E',
    title: 'Possible stroke or torn neck artery',
    source: `BE-FAST; ${ARTERY}`,
    when: any('brain-signs', 'sudden-vision-loss'),
  },
  {
    ...dated,
    id: 'worst-neck-or-head-pain',
    level: 'D',
    title: 'Sudden, severe, unfamiliar neck or head pain',
    source: ARTERY,
    when: item('worst-neck-or-head-pain'),
  },
  {
    ...dated,
    id: 'giant-cell-arteritis',
    level: 'D',
    title: 'Possible giant cell arteritis',
    source: 'ACR/EULAR 2022 criteria (age over 50)',
    when: { all: [item('new-temple-headache'), { any: [{ ageOver: 50 }, { ageUnknown: true }] }] },
  },
  {
    ...dated,
    id: 'aortic-aneurysm-emergency',
    level: 'E',
    title: 'Possible aortic aneurysm',
    source: 'Lederle 1999',
    when: {
      any: [
        { all: [item('pulsing-belly-mass'), { regions: ['lumbar-spine', 'thoracic-spine'] }] },
        { all: [item('collapse'), { ageOver: 59 }, { regions: ['lumbar-spine', 'thoracic-spine'] }] },
      ],
    },
  },
  {
    ...dated,
    id: 'aortic-aneurysm',
    level: 'D',
    title: 'Pulsing mass in the belly',
    source: 'Lederle 1999',
    when: item('pulsing-belly-mass'),
  },
  { ...dated, id: 'collapse', level: 'D', title: 'Passed out lately', source: 'Common emergency triage practice', when: item('collapse') },
  {
    ...dated,
    id: 'canadian-c-spine',
    level: 'E',
    title: 'Neck injury: do not move the neck, imaging needed',
    source: NECK,
    when: {
      all: [
        item('neck-trauma-48h'),
        {
          any: [{ ageOver: 64 }, any('dangerous-mechanism', 'limb-tingling'), NO_LOW_RISK_NECK, { denied: 'can-rotate-neck-45' }],
        },
      ],
    },
  },
  {
    ...dated,
    id: 'canadian-c-spine-open',
    level: 'D',
    title: 'Neck injury: the imaging rule is not complete',
    source: NECK,
    unsureIsYes: true,
    when: {
      all: [item('neck-trauma-48h'), { any: [{ unanswered: 'can-rotate-neck-45' }, { ageUnknown: true }, { none: [HAS_LOW_RISK_NECK] }] }],
    },
  },
  {
    ...dated,
    id: 'ottawa-ankle',
    level: 'D',
    title: 'Ankle or foot injury: X-ray first',
    source: 'Ottawa ankle rules (Mayer 2009)',
    when: { all: [{ regions: ['ankle-foot'] }, any('ankle-bone-tenderness', 'cannot-walk-4-steps')] },
  },
  {
    ...dated,
    id: 'ottawa-knee',
    level: 'D',
    title: 'Knee injury: X-ray first',
    source: 'Ottawa knee rule',
    when: {
      all: [
        { regions: ['knee'] },
        {
          any: [
            any('cannot-walk-4-steps', 'cannot-bend-knee-90', 'knee-bone-tenderness'),
            { all: [item('recent-injury'), { ageOver: 54 }] },
          ],
        },
      ],
    },
  },
  { ...dated, id: 'tendon-rupture', level: 'D', title: 'Possible tendon tear', source: JOINT, when: item('pop-and-cannot-push-off') },
  {
    ...dated,
    id: 'septic-joint',
    level: 'E',
    title: 'Possible infected joint',
    source: JOINT,
    when: { all: [item('hot-swollen-joint'), any('fever-or-chills', 'joint-surgery-or-shot')] },
  },
  { ...dated, id: 'hot-joint', level: 'D', title: 'Hot, swollen joint', source: JOINT, when: item('hot-swollen-joint') },
  {
    ...dated,
    id: 'limb-threat',
    level: 'E',
    title: 'Limb at risk',
    source: JOINT,
    when: any('severe-tight-limb', 'deformity-or-open-wound'),
  },
  { ...dated, id: 'wound-problem', level: 'D', title: 'Problem with a surgical wound', source: JOINT, when: item('wound-problem') },
  {
    ...dated,
    id: 'self-harm',
    level: 'E',
    title: 'Thoughts of self-harm: a person talks to the patient now',
    source: 'PHQ-9 item 9; 988 Suicide & Crisis Lifeline',
    when: item('self-harm-thoughts'),
  },
  {
    ...dated,
    id: 'safety-at-home',
    level: 'D',
    title: 'May not be safe at home: a private talk with a person',
    source: 'Mandated reporting duties of the state',
    when: item('not-safe-at-home'),
  },
]
