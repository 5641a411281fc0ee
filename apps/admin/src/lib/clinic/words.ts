import type {
  BodyRegion,
  Coverage,
  DocumentKind,
  EpisodeState,
  Evidence,
  Goal,
  Measurement,
  Side,
  StaffRole,
  VisitKind,
  VisitState,
} from '@gonio/sdk'

import type { JobState, PluginItem, ProposalItem, ReasonCode } from '#lib/api-types.ts'
import type { Tone } from '#lib/ui/Chip.svelte'

/** What the vocabulary's keys are called on screen, and the tone a state is shown in. */
type Word = readonly [string, Tone]

export const REGIONS: Record<BodyRegion, string> = {
  'lumbar-spine': 'Low back',
  'thoracic-spine': 'Mid back',
  'cervical-spine': 'Neck',
  shoulder: 'Shoulder',
  elbow: 'Elbow',
  'wrist-hand': 'Wrist and hand',
  hip: 'Hip',
  knee: 'Knee',
  'ankle-foot': 'Ankle and foot',
  balance: 'Balance and walking',
  other: 'Other',
}
export const SIDES: Record<Side, string> = { left: 'Left', right: 'Right', bilateral: 'Both sides', none: 'No side' }
export const ROLES: Record<StaffRole, string> = {
  'front-desk': 'Front desk',
  therapist: 'Therapist',
  assistant: 'Assistant',
  biller: 'Biller',
  manager: 'Manager',
  admin: 'Administrator',
}
export const VISIT_STATE: Record<VisitState, Word> = {
  booked: ['Booked', 'plain'],
  confirmed: ['Confirmed', 'plain'],
  arrived: ['Arrived', 'warn'],
  'in-treatment': ['In treatment', 'accent'],
  completed: ['Completed', 'good'],
  cancelled: ['Canceled', 'bad'],
  'no-show': ['No-show', 'bad'],
}
export const VISIT_KIND: Record<VisitKind, string> = {
  evaluation: 'Evaluation',
  treatment: 'Treatment',
  're-evaluation': 'Re-evaluation',
  discharge: 'Discharge visit',
}
export const EPISODE_STATE: Record<EpisodeState, Word> = {
  referred: ['Referred', 'plain'],
  evaluated: ['Evaluated', 'accent'],
  active: ['In care', 'good'],
  'on-hold': ['On hold', 'warn'],
  discharged: ['Discharged', 'plain'],
}
export const COVERAGE_STATUS: Record<Coverage['status'], Word> = {
  unverified: ['Not verified', 'warn'],
  active: ['Active', 'good'],
  inactive: ['Inactive', 'bad'],
  unknown: ['Unknown: ask the payer', 'warn'],
}
export const GOAL_STATE: Record<Goal['state'], Word> = { open: ['Open', 'plain'], met: ['Met', 'good'], dropped: ['Dropped', 'plain'] }
export const PROPOSAL_STATE: Record<ProposalItem['state'], Word> = {
  pending: ['Waiting', 'plain'],
  approved: ['Approved', 'good'],
  rejected: ['Rejected', 'bad'],
  expired: ['Expired', 'plain'],
  stale: ['Facts changed', 'warn'],
  withdrawn: ['Withdrawn', 'plain'],
}
export const RISK: Record<ProposalItem['risk'], Word> = {
  administrative: ['Administrative', 'plain'],
  clinical: ['Clinical', 'accent'],
  outward: ['Leaves the clinic', 'warn'],
}
export const REASONS: readonly { code: ReasonCode; label: string }[] = [
  { code: 'wrong-fact', label: 'A fact is wrong' },
  { code: 'not-needed', label: 'Not needed' },
  { code: 'duplicate', label: 'Already exists' },
  { code: 'wrong-time', label: 'Wrong time' },
  { code: 'style', label: 'Wording' },
  { code: 'other', label: 'Something else' },
]
export const DOCUMENT_KIND: Record<DocumentKind, string> = {
  evaluation: 'Evaluation',
  'daily-note': 'Daily note',
  'progress-report': 'Progress report',
  're-evaluation': 'Re-evaluation',
  'discharge-summary': 'Discharge summary',
  letter: 'Letter',
}
export const EVIDENCE_KIND: Record<Evidence['kind'], string> = {
  patient: 'Patient',
  coverage: 'Coverage',
  episode: 'Episode',
  visit: 'Visit',
  measurement: 'Measurement',
  goal: 'Goal',
  document: 'Document',
  own: 'Plugin record',
  rule: 'Rule',
  staff: 'Clinician',
}
export const JOB_STATE: Record<JobState, Word> = {
  waiting: ['Waiting', 'plain'],
  active: ['Running', 'accent'],
  failed: ['Failed', 'bad'],
  done: ['Done', 'good'],
}
export const PLUGIN_STATE: Record<PluginItem['state'], Word> = {
  enabled: ['On', 'good'],
  disabled: ['Off', 'plain'],
  failed: ['Needs repair', 'bad'],
}

export const SERVICES: Record<string, string> = {
  'therapeutic-exercise': 'Therapeutic exercise',
  'manual-therapy': 'Manual therapy',
  'neuromuscular-reeducation': 'Neuromuscular re-education',
  'gait-training': 'Gait training',
  'therapeutic-activities': 'Therapeutic activities',
  'self-care-education': 'Self-care education',
  evaluation: 'Evaluation',
  're-evaluation': 'Re-evaluation',
  'electrical-stimulation': 'Electrical stimulation',
  'cold-hot-pack': 'Cold or hot pack',
}

export interface Measure {
  readonly code: string
  readonly label: string
  readonly unit: string
  readonly min: number
  readonly max: number
  readonly step: number
  readonly better: 'up' | 'down'
  readonly sided: boolean
  readonly regions?: readonly BodyRegion[]
}
/** What can be measured on the visit page; other codes are shown under their own name. */
export const MEASURES: readonly Measure[] = [
  { code: 'nprs', label: 'Pain now (0 to 10)', unit: '{score}', min: 0, max: 10, step: 1, better: 'down', sided: false },
  { code: 'psfs', label: 'Patient-specific function (0 to 10)', unit: '{score}', min: 0, max: 10, step: 0.1, better: 'up', sided: false },
  {
    code: 'lefs',
    label: 'Lower-limb function (0 to 80)',
    unit: '{score}',
    min: 0,
    max: 80,
    step: 1,
    better: 'up',
    sided: false,
    regions: ['hip', 'knee', 'ankle-foot'],
  },
  {
    code: 'rom.knee-flexion',
    label: 'Knee flexion',
    unit: 'deg',
    min: -10,
    max: 160,
    step: 1,
    better: 'up',
    sided: true,
    regions: ['knee'],
  },
  {
    code: 'rom.knee-extension',
    label: 'Knee extension',
    unit: 'deg',
    min: -40,
    max: 20,
    step: 1,
    better: 'up',
    sided: true,
    regions: ['knee'],
  },
  {
    code: 'rom.lumbar-flexion',
    label: 'Lumbar flexion',
    unit: 'deg',
    min: 0,
    max: 120,
    step: 1,
    better: 'up',
    sided: false,
    regions: ['lumbar-spine'],
  },
  {
    code: 'rom.lumbar-extension',
    label: 'Lumbar extension',
    unit: 'deg',
    min: 0,
    max: 60,
    step: 1,
    better: 'up',
    sided: false,
    regions: ['lumbar-spine'],
  },
  {
    code: 'rom.shoulder-flexion',
    label: 'Shoulder flexion',
    unit: 'deg',
    min: 0,
    max: 190,
    step: 1,
    better: 'up',
    sided: true,
    regions: ['shoulder'],
  },
  {
    code: 'rom.shoulder-abduction',
    label: 'Shoulder abduction',
    unit: 'deg',
    min: 0,
    max: 190,
    step: 1,
    better: 'up',
    sided: true,
    regions: ['shoulder'],
  },
  {
    code: 'rom.hip-flexion',
    label: 'Hip flexion',
    unit: 'deg',
    min: 0,
    max: 140,
    step: 1,
    better: 'up',
    sided: true,
    regions: ['hip', 'lumbar-spine'],
  },
  {
    code: 'rom.ankle-dorsiflexion',
    label: 'Ankle dorsiflexion',
    unit: 'deg',
    min: -20,
    max: 40,
    step: 1,
    better: 'up',
    sided: true,
    regions: ['ankle-foot'],
  },
  {
    code: 'strength.quadriceps',
    label: 'Quadriceps strength (0 to 5)',
    unit: '{score}',
    min: 0,
    max: 5,
    step: 0.5,
    better: 'up',
    sided: true,
    regions: ['knee', 'hip'],
  },
  {
    code: 'tug',
    label: 'Timed up and go',
    unit: 's',
    min: 0,
    max: 300,
    step: 0.1,
    better: 'down',
    sided: false,
    regions: ['balance', 'hip', 'knee', 'ankle-foot', 'lumbar-spine'],
  },
  {
    code: 'gait-speed',
    label: 'Gait speed',
    unit: 'm/s',
    min: 0,
    max: 4,
    step: 0.01,
    better: 'up',
    sided: false,
    regions: ['balance', 'hip', 'knee', 'ankle-foot'],
  },
]

const UNITS: Record<string, string> = { deg: '°', '{score}': '', '1': '', s: ' s', 'm/s': ' m/s', min: ' min' }

export function nameMeasure(code: string): string {
  return MEASURES.find((measure) => measure.code === code)?.label ?? readable(code.replace(/^(rom|strength)\./, ''))
}

export function formatMeasured(measured: Pick<Measurement, 'value' | 'unit'>): string {
  return `${measured.value}${UNITS[measured.unit] ?? ` ${measured.unit}`}`
}

export function nameService(key: string): string {
  return SERVICES[key] ?? readable(key)
}

export function nameEpisode(episode: { bodyRegion: BodyRegion; side: Side }): string {
  const region = REGIONS[episode.bodyRegion]
  return episode.side === 'none' ? region : `${region}, ${SIDES[episode.side].toLowerCase()}`
}

export function nameExercise(key: string): string {
  return key.includes(' ') ? key : readable(key)
}

/** `straight-leg-raise` or `memberId` as words. */
export function readable(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_.]+/g, ' ')
    .trim()
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function fullName(patient: { givenName: string; familyName: string }): string {
  return `${patient.givenName} ${patient.familyName}`
}
