import { BODY_REGIONS, Refusal } from '@gonio/sdk'
import type { ActionDefinition, ApplyRun, View } from '@gonio/sdk'
import { z } from 'zod'

import { regionOf } from './interview.ts'
import type { InterviewFacts } from './interview.ts'
import { textOf } from './question.ts'
import type { Answers } from './question.ts'
import type { RaisedFlag } from './red-flags.ts'
import { findSession, refsOf } from './session.ts'
import type { IntakeRun, Session } from './session.ts'
import type { IntakeSettings } from './settings.ts'
import type { IntakeTables } from './tables.ts'

type IntakeApply = ApplyRun<IntakeTables, IntakeSettings>

const IsoDate = z.iso.date()
const Side = z.enum(['left', 'right', 'bilateral', 'none'])
const EpisodePart = z.object({
  bodyRegion: z.enum(BODY_REGIONS),
  side: Side,
  onsetDate: IsoDate.nullable(),
  referredBy: z.string().max(200).nullable(),
  referralDate: IsoDate.nullable(),
  diagnoses: z.array(z.string().max(10)).max(12),
})
const CoveragePart = z.object({
  payerId: z.string().min(1).max(80),
  payerName: z.string().min(1).max(120),
  memberId: z.string().min(1).max(40),
  groupNumber: z.string().max(40).nullable(),
})
const Reported = z.object({
  coverage: CoveragePart.nullable(),
  pain: z.number().int().min(0).max(10).nullable(),
  activities: z.array(z.object({ name: z.string().min(1).max(120), score: z.number().int().min(0).max(10) })).max(5),
  flags: z.array(z.object({ rule: z.string(), level: z.enum(['E', 'D', 'T']), title: z.string() })).max(60),
  sessionId: z.uuid(),
  linkId: z.uuid(),
})
type Reported = z.infer<typeof Reported>

export const RegisterPayload = Reported.extend({
  patient: z.object({
    givenName: z.string().min(1).max(120),
    familyName: z.string().min(1).max(120),
    birthDate: IsoDate,
    sex: z.enum(['female', 'male', 'other', 'unknown']),
    phone: z.string().max(20).nullable(),
    email: z.email().max(200).nullable(),
    language: z.enum(['en', 'es']),
  }),
  episode: EpisodePart,
})
export type RegisterPayload = z.infer<typeof RegisterPayload>

export const OpenEpisodePayload = Reported.extend({ patientId: z.uuid(), episodeId: z.uuid().nullable(), episode: EpisodePart })
export type OpenEpisodePayload = z.infer<typeof OpenEpisodePayload>

/** Stratford 1995: three to five activities; fewer are shown to the therapist but make no score. */
const PSFS_MIN_ACTIVITIES = 3
const MAX_PENDING_HOURS = 24 * 30

interface Finished {
  readonly session: Session
  readonly facts: InterviewFacts
  readonly answers: Answers
  readonly flags: readonly RaisedFlag[]
}

/** A finished interview becomes one proposal: a new patient, or a new episode of a patient who is known. Never both, never a second patient. */
export function proposeAdmission(finished: Finished, run: IntakeRun): void {
  const { session } = finished
  const shared = {
    refs: { ...refsOf(session), ownId: session.id },
    evidence: [{ kind: 'own', id: session.id, label: 'Answers of the intake interview' }] as const,
    key: `intake:${session.id}`,
  }
  if (session.patientId === null) {
    const payload = draftRegistration(finished)
    const { givenName, familyName } = payload.patient
    run.propose({ ...shared, action: 'patient.register', title: `New patient: ${familyName}, ${givenName}`, payload })
  } else {
    const payload: OpenEpisodePayload = {
      ...draftReport(finished),
      patientId: session.patientId,
      episodeId: session.episodeId,
      episode: draftEpisode(finished),
    }
    run.propose({
      ...shared,
      action: 'episode.open',
      title: session.episodeId === null ? 'Open an episode from an intake' : 'Add intake answers to an episode',
      payload,
    })
  }
}

export function draftRegistration(finished: Finished): RegisterPayload {
  const text = (id: string): string | null => textOf(finished.answers, id)
  return {
    ...draftReport(finished),
    patient: {
      givenName: text('given-name') ?? '',
      familyName: text('family-name') ?? '',
      birthDate: text('birth-date') ?? '',
      sex: 'unknown',
      phone: text('phone'),
      email: null,
      language: finished.session.language,
    },
    episode: draftEpisode(finished),
  }
}

function draftEpisode({ facts, answers }: Finished): z.infer<typeof EpisodePart> {
  const side = Side.safeParse(answers.get('side'))
  return {
    bodyRegion: regionOf(facts, answers),
    side: side.success ? side.data : 'none',
    onsetDate: textOf(answers, 'onset-date'),
    referredBy: null,
    referralDate: null,
    diagnoses: [],
  }
}

function draftReport({ session, answers, flags }: Finished): Reported {
  const payerName = textOf(answers, 'payer-name')
  const memberId = textOf(answers, 'member-id')
  const pain = answers.get('pain-now')
  const activities = answers.get('activities')
  return {
    coverage: payerName === null || memberId === null ? null : { payerId: payerKey(payerName), payerName, memberId, groupNumber: null },
    pain: typeof pain === 'number' ? pain : null,
    activities: Array.isArray(activities) ? activities.map(({ name, score }) => ({ name, score })) : [],
    flags: flags.map(({ rule, level, title }) => ({ rule, level, title })),
    sessionId: session.id,
    linkId: session.linkId,
  }
}

/** A key to look the payer up with; the front desk replaces it where its own list has another. */
function payerKey(name: string): string {
  const key = name
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
  return key === '' ? 'unlisted' : key
}

export const registerPatient: ActionDefinition<RegisterPayload, IntakeTables, IntakeSettings> = {
  name: 'patient.register',
  title: 'Register a patient from an intake',
  payload: RegisterPayload,
  decide: { roles: ['front-desk', 'manager'] },
  risk: 'administrative',
  expiresAfterHours: MAX_PENDING_HOURS,
  effects: ['patient.register', 'coverage.add', 'episode.open'],
  summarize: ({ patient, ...rest }) => ({
    kind: 'stack',
    children: [
      {
        kind: 'key-value',
        rows: [
          { label: 'Name', value: `${patient.givenName} ${patient.familyName}` },
          { label: 'Birth date', value: patient.birthDate },
          { label: 'Phone', value: patient.phone },
          { label: 'Language', value: patient.language === 'es' ? 'Spanish' : 'English' },
        ],
      },
      ...summarizeReport(rest.episode, rest),
    ],
  }),
  async apply(payload, run) {
    await requireCompleted(payload.sessionId, run)
    const patientId = run.newId()
    run.change({ kind: 'patient.register', patient: { id: patientId, ...payload.patient } })
    await admit({ patientId, known: false, episodeId: null, episode: payload.episode, report: payload }, run)
  },
}

export const openEpisode: ActionDefinition<OpenEpisodePayload, IntakeTables, IntakeSettings> = {
  name: 'episode.open',
  title: 'Open an episode from an intake',
  payload: OpenEpisodePayload,
  decide: { roles: ['front-desk', 'manager', 'therapist'] },
  risk: 'administrative',
  expiresAfterHours: MAX_PENDING_HOURS,
  effects: ['coverage.add', 'episode.open'],
  summarize: (payload) => ({ kind: 'stack', children: [...summarizeReport(payload.episode, payload)] }),
  async apply(payload, run) {
    await requireCompleted(payload.sessionId, run)
    await admit({ patientId: payload.patientId, known: true, episodeId: payload.episodeId, episode: payload.episode, report: payload }, run)
  },
}

async function requireCompleted(sessionId: string, run: IntakeApply): Promise<void> {
  const session = await findSession(sessionId, run)
  if (session === null) throw new Refusal('not-found', 'There is no interview with this id.')
  if (session.state !== 'completed')
    throw new Refusal('wrong-state', `This interview is ${session.state}: only a completed one can be accepted.`)
}

/** Coverage, episode and what the patient reported, then the end of the link: one unit of work with the registration. */
async function admit(
  admission: { patientId: string; known: boolean; episodeId: string | null; episode: z.infer<typeof EpisodePart>; report: Reported },
  run: IntakeApply,
): Promise<void> {
  const { patientId, episode, report } = admission
  const coverageId = report.coverage === null ? null : run.newId()
  if (report.coverage !== null && coverageId !== null) {
    const rank = admission.known ? 1 + (await run.chart.coverages({ patientId })).length : 1
    run.change({ kind: 'coverage.add', coverage: { id: coverageId, patientId, ...report.coverage, rank } })
  }
  const episodeId = admission.episodeId ?? run.newId()
  if (admission.episodeId === null) run.change({ kind: 'episode.open', episode: { id: episodeId, patientId, ...episode, coverageId } })
  const taken = { patientId, episodeId, visitId: null, unit: '{score}', side: episode.side, takenAt: run.now } as const
  if (report.pain !== null) run.recordMeasurement({ ...taken, code: 'nprs', value: report.pain, detail: null })
  if (report.activities.length >= PSFS_MIN_ACTIVITIES) {
    const mean = report.activities.reduce((sum, activity) => sum + activity.score, 0) / report.activities.length
    run.recordMeasurement({ ...taken, code: 'psfs', value: Math.round(mean * 100) / 100, detail: { activities: report.activities } })
  }
  run.closeLink(report.linkId)
  await run.tables
    .updateTable('session')
    .set({ state: 'accepted', patient_id: patientId, episode_id: episodeId, changed_at: run.now })
    .where('id', '=', report.sessionId)
    .execute()
}

function summarizeReport(episode: z.infer<typeof EpisodePart>, report: Reported): readonly View[] {
  const worst = report.flags.some((flag) => flag.level !== 'T') ? 'bad' : 'warn'
  return [
    report.flags.length === 0
      ? { kind: 'text', text: 'No flag reported. The therapist still checks at the visit.' }
      : {
          kind: 'card',
          title: 'Flags',
          tone: worst,
          children: report.flags.map((flag) => ({ kind: 'text', text: `${flag.level}: ${flag.title}` })),
        },
    {
      kind: 'key-value',
      rows: [
        { label: 'Region', value: episode.bodyRegion },
        { label: 'Side', value: episode.side },
        { label: 'Started', value: episode.onsetDate },
        { label: 'Payer', value: report.coverage?.payerName ?? null },
        { label: 'Pain now (0-10)', value: report.pain },
        ...report.activities.map((activity) => ({
          label: activity.name,
          value: activity.score,
          note: 'How well the patient can do it, 0-10',
        })),
      ],
    },
  ]
}
