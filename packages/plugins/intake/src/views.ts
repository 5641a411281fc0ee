import type { View } from '@gonio/sdk'

import { planQuestions } from './interview.ts'
import type { AnswerValue } from './question.ts'
import { findSessionOfEpisode, interviewFacts, readAnswers, valuesOf } from './session.ts'
import type { IntakeRun } from './session.ts'
import { toInstant } from './tables.ts'

const MAX_SHOWN = 50

/** Today: interviews that wait for a patient, and flags that wait for a person. */
export async function showToday(run: IntakeRun): Promise<{ view: View }> {
  const sessions = await run.tables
    .selectFrom('session')
    .selectAll()
    .where('state', 'in', ['open', 'stopped', 'completed'])
    .orderBy('started_at', 'desc')
    .limit(MAX_SHOWN)
    .execute()
  const flags = await run.tables
    .selectFrom('flag')
    .selectAll()
    .where('state', '=', 'open')
    .orderBy('level', 'asc')
    .limit(MAX_SHOWN)
    .execute()
  // D < E < T in the alphabet: emergencies are put first here.
  const sorted = [...flags.filter((flag) => flag.level === 'E'), ...flags.filter((flag) => flag.level !== 'E')]
  const children: View[] = []
  if (sorted.length > 0) {
    children.push({
      kind: 'card',
      title: `${sorted.length} open ${sorted.length === 1 ? 'flag' : 'flags'}`,
      tone: sorted[0]?.level === 'E' ? 'bad' : 'warn',
      children: [
        {
          kind: 'table',
          caption: 'Flags that wait for a person',
          columns: [
            { key: 'level', label: 'Level', as: 'status' },
            { key: 'title', label: 'Flag' },
            { key: 'at', label: 'Raised', as: 'instant' },
          ],
          rows: sorted.map((flag) => ({ level: flag.level, title: flag.title, at: toInstant(flag.raised_at) })),
        },
      ],
    })
  }
  children.push(
    sessions.length === 0
      ? { kind: 'empty', title: 'No open interviews', hint: 'Make a link and send it to the patient, or open it on the tablet.' }
      : {
          kind: 'table',
          caption: 'Open interviews',
          columns: [
            { key: 'state', label: 'State', as: 'status' },
            { key: 'region', label: 'Region' },
            { key: 'language', label: 'Language' },
            { key: 'patient', label: 'Patient' },
            { key: 'at', label: 'Started', as: 'instant' },
          ],
          rows: sessions.map((session) => ({
            state: session.state,
            region: session.body_region,
            language: session.language,
            patient: session.patient_id === null ? 'new' : 'known',
            at: toInstant(session.started_at),
          })),
        },
  )
  children.push({ kind: 'action', label: 'New intake link', procedure: 'intake.start', input: { language: 'en' }, primary: true })
  children.push({ kind: 'action', label: 'New intake link in Spanish', procedure: 'intake.start', input: { language: 'es' } })
  return { view: { kind: 'stack', children } }
}

/** The episode: what the patient answered, and the flags with who acted on them. */
export async function showAnswers(episodeId: string, run: IntakeRun): Promise<{ view: View }> {
  const session = await findSessionOfEpisode(episodeId, run)
  if (session === null) return { view: { kind: 'empty', title: 'No intake for this episode', hint: 'Send an intake link from Today.' } }
  const stored = await readAnswers(session, run)
  const flags = await run.tables.selectFrom('flag').selectAll().where('session_id', '=', session.id).limit(MAX_SHOWN).execute()
  // The patient is known by now, but the questions are listed as they were asked of a new one.
  const facts = { ...(await interviewFacts(session, run)), newPatient: true }
  const asked = planQuestions(facts, valuesOf(stored))
    .filter((question) => stored.has(question.id))
    .slice(0, 100)
  return {
    view: {
      kind: 'stack',
      children: [
        flags.length === 0
          ? { kind: 'text', text: 'No flag reported. This does not rule out a serious problem.' }
          : {
              kind: 'table',
              caption: 'Flags',
              columns: [
                { key: 'level', label: 'Level', as: 'status' },
                { key: 'title', label: 'Flag' },
                { key: 'state', label: 'State', as: 'status' },
                { key: 'note', label: 'What was done' },
                { key: 'source', label: 'Rule from' },
              ],
              rows: flags.map((flag) => ({
                level: flag.level,
                title: flag.title,
                state: flag.state,
                note: flag.note,
                source: flag.source,
              })),
            },
        {
          kind: 'key-value',
          rows: asked.map((question) => {
            const answer = stored.get(question.id)
            const changed =
              answer !== undefined && answer.earlier.length > 0
                ? { note: `Changed; before: ${answer.earlier.map(shown).join(', ').slice(0, 400)}` }
                : {}
            return { label: question.text.en.slice(0, 120), value: shown(answer?.value ?? null), ...changed }
          }),
        },
      ],
    },
  }
}

function shown(value: AnswerValue): string {
  if (value === null) return 'skipped'
  if (typeof value === 'object') return value.map((activity) => `${activity.name}: ${activity.score}`).join('; ')
  return String(value)
}
