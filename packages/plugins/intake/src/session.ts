import { Refusal } from '@gonio/sdk'
import type { BodyRegion, Refs, Run } from '@gonio/sdk'

import { refuseAnswer } from './answers.ts'
import type { InterviewFacts } from './interview.ts'
import { nameOf, textOf } from './question.ts'
import type { Answers, AnswerValue, Language } from './question.ts'
import type { IntakeSettings } from './settings.ts'
import { LINK_TITLE } from './texts.data.ts'
import type { IntakeTables, SessionState } from './tables.ts'

export type IntakeRun = Run<IntakeTables, IntakeSettings>

export interface Session {
  readonly id: string
  readonly linkId: string
  readonly language: Language
  readonly bodyRegion: BodyRegion | null
  readonly patientId: string | null
  readonly episodeId: string | null
  readonly state: SessionState
}

export interface SessionStart {
  readonly language: Language
  readonly bodyRegion?: BodyRegion | undefined
  readonly patientId?: string | undefined
  readonly episodeId?: string | undefined
}

const PATIENT_PROCEDURES = ['intake.next', 'intake.answer']

/** Opens an interview for the front desk; what the chart already knows is not asked again. */
export async function openInterview(start: SessionStart, run: IntakeRun): Promise<{ sessionId: string; linkId: string }> {
  if (start.episodeId === undefined) {
    if (start.patientId !== undefined) await run.chart.patient(start.patientId)
    return startSession(start, run)
  }
  const episode = await run.chart.episode(start.episodeId)
  if (start.patientId !== undefined && start.patientId !== episode.patientId)
    throw new Refusal('invalid-input', 'This episode belongs to another patient. Leave patientId out.')
  return startSession({ ...start, patientId: episode.patientId, bodyRegion: start.bodyRegion ?? episode.bodyRegion }, run)
}

/** Opens an interview and the one-time link that leads to it. */
export async function startSession(start: SessionStart, run: IntakeRun): Promise<{ sessionId: string; linkId: string }> {
  const subject: Refs = {
    ...(start.patientId === undefined ? {} : { patientId: start.patientId }),
    ...(start.episodeId === undefined ? {} : { episodeId: start.episodeId }),
  }
  const linkId = run.createLink({
    procedures: PATIENT_PROCEDURES,
    subject,
    expiresInHours: run.settings.linkHours,
    language: start.language,
    title: LINK_TITLE[start.language],
  })
  const sessionId = run.newId()
  await run.tables
    .insertInto('session')
    .values({
      id: sessionId,
      link_id: linkId,
      language: start.language,
      body_region: start.bodyRegion ?? null,
      patient_id: start.patientId ?? null,
      episode_id: start.episodeId ?? null,
      state: 'open',
      started_at: run.now,
      changed_at: run.now,
    })
    .execute()
  run.emit('intake.started', { ...subject, linkId, ownId: sessionId })
  return { sessionId, linkId }
}

/** The session of the link that the patient holds. */
export async function findOwnSession(run: IntakeRun): Promise<Session> {
  const row =
    run.actor.id === null
      ? undefined
      : await run.tables.selectFrom('session').selectAll().where('link_id', '=', run.actor.id).executeTakeFirst()
  return row === undefined ? refuseAnswer('noInterview', 'en') : toSession(row)
}

export async function findSession(id: string, run: IntakeRun): Promise<Session | null> {
  const row = await run.tables.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : toSession(row)
}

export async function findSessionOfEpisode(episodeId: string, run: IntakeRun): Promise<Session | null> {
  const row = await run.tables
    .selectFrom('session')
    .selectAll()
    .where('episode_id', '=', episodeId)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : toSession(row)
}

function toSession(row: {
  id: string
  link_id: string
  language: Language
  body_region: BodyRegion | null
  patient_id: string | null
  episode_id: string | null
  state: SessionState
}): Session {
  return {
    id: row.id,
    linkId: row.link_id,
    language: row.language,
    bodyRegion: row.body_region,
    patientId: row.patient_id,
    episodeId: row.episode_id,
    state: row.state,
  }
}

export async function setState(session: Session, state: SessionState, run: IntakeRun): Promise<void> {
  await run.tables.updateTable('session').set({ state, changed_at: run.now }).where('id', '=', session.id).execute()
}

export interface StoredAnswer {
  readonly value: AnswerValue
  readonly earlier: readonly AnswerValue[]
}

/** The interview asks fewer questions than this; the limit keeps a read small whatever happens. */
const MAX_ANSWERS = 200
const MAX_EARLIER = 5

export async function readAnswers(session: Session, run: IntakeRun): Promise<ReadonlyMap<string, StoredAnswer>> {
  const rows = await run.tables.selectFrom('answer').selectAll().where('session_id', '=', session.id).limit(MAX_ANSWERS).execute()
  return new Map(rows.map((row) => [row.question_id, { value: row.answer.value, earlier: row.earlier }]))
}

export async function keepAnswer(
  session: Session,
  questionId: string,
  value: AnswerValue,
  before: StoredAnswer | undefined,
  run: IntakeRun,
): Promise<void> {
  const changed = before !== undefined && JSON.stringify(before.value) !== JSON.stringify(value)
  const earlier = JSON.stringify(changed ? [...before.earlier, before.value].slice(-MAX_EARLIER) : (before?.earlier ?? []))
  const answer = JSON.stringify({ value })
  await run.tables
    .insertInto('answer')
    .values({ id: run.newId(), session_id: session.id, question_id: questionId, answer, earlier, answered_at: run.now })
    .onConflict((conflict) => conflict.columns(['session_id', 'question_id']).doUpdateSet({ answer, earlier, answered_at: run.now }))
    .execute()
}

export function valuesOf(stored: ReadonlyMap<string, StoredAnswer>): Answers {
  return new Map([...stored].map(([id, { value }]) => [id, value]))
}

export async function interviewFacts(session: Session, run: IntakeRun): Promise<InterviewFacts> {
  const patient = session.patientId === null ? null : await run.chart.patient(session.patientId)
  return {
    newPatient: session.patientId === null,
    bodyRegion: session.bodyRegion,
    birthDate: patient?.birthDate ?? null,
    askInsurance: run.settings.askInsurance,
    today: run.now.slice(0, 10),
  }
}

/** Ids of a session for events and proposals. */
export function refsOf(session: Session): Refs {
  return {
    linkId: session.linkId,
    ...(session.patientId === null ? {} : { patientId: session.patientId }),
    ...(session.episodeId === null ? {} : { episodeId: session.episodeId }),
  }
}

/** Whom to call. A new patient may have stopped before giving a name or a number. */
export interface Contact {
  readonly name: string | null
  readonly phone: string | null
}

export async function contactOf(session: Session, answers: Answers, run: IntakeRun): Promise<Contact> {
  if (session.patientId !== null) {
    const { givenName, familyName, phone } = await run.chart.patient(session.patientId)
    return { name: `${givenName} ${familyName}`, phone }
  }
  return { name: nameOf(answers), phone: textOf(answers, 'phone') }
}
