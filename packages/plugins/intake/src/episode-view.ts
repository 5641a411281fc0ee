import type { View } from '@gonio/sdk'

import { planQuestions } from './interview.ts'
import type { AnswerValue } from './question.ts'
import { findSessionOfEpisode, interviewFacts, readAnswers, valuesOf } from './session.ts'
import type { IntakeRun } from './session.ts'

const MAX_SHOWN = 50

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
