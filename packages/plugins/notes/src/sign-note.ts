import { Refusal } from '@gonio/sdk'
import type { ActionDefinition, ApplyRun, View } from '@gonio/sdk'
import { z } from 'zod'

import { NOTE_KINDS, StatementFact } from './facts.ts'
import { findOmitted } from './omitted.ts'
import { readFacts } from './read-facts.ts'
import type { NotesSettings } from './settings.ts'
import { settleStatements } from './settle-statements.ts'
import type { NotesTables } from './tables.ts'
import { verifyNote } from './verify-note.ts'

export const NotePayload = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  episodeId: z.uuid(),
  visitId: z.uuid().nullable(),
  kind: z.enum(NOTE_KINDS),
  title: z.string().min(1).max(200),
  statements: z.array(StatementFact).min(1, 'A note needs at least one sentence.').max(200),
})
export type NotePayload = z.infer<typeof NotePayload>

export const signNote: ActionDefinition<NotePayload, NotesTables, NotesSettings> = {
  name: 'document.sign',
  title: 'Sign a note',
  payload: NotePayload,
  decide: {
    roles: ['therapist', 'assistant'],
    licenses: ['PT', 'PTA'],
    // An assistant signs daily notes only: evaluations, re-evaluations and discharges are a PT's (CMS Pub 100-02 ch. 15 §220).
    narrow: [{ field: 'kind', in: NOTE_KINDS.filter((kind) => kind !== 'daily-note'), licenses: ['PT'] }],
  },
  risk: 'clinical',
  expiresAfterHours: 24 * 14,
  effects: ['document.sign'],
  summarize: (payload): View => ({
    kind: 'statements',
    caption: payload.title,
    sentences: payload.statements.map((row) => ({
      section: row.section,
      text: row.text.slice(0, 2_000),
      evidence: row.evidence.slice(0, 20).map((evidence) => (evidence.label ?? `${evidence.kind} ${evidence.path ?? ''}`).slice(0, 300)),
    })),
  }),
  apply: applyNote,
}

async function applyNote(payload: NotePayload, run: ApplyRun<NotesTables, NotesSettings>): Promise<void> {
  const draft = await run.tables.selectFrom('draft').selectAll().where('id', '=', payload.id).executeTakeFirst()
  if (draft === undefined) throw new Refusal('not-found', 'The draft of this note is gone. Propose it again.')
  if (draft.episode_id !== payload.episodeId || draft.visit_id !== payload.visitId || draft.kind !== payload.kind) {
    throw new Refusal('invalid-input', 'The note was drafted for another visit or as another kind. Propose it again.')
  }
  const [episode, facts] = await Promise.all([
    run.chart.episode(payload.episodeId),
    readFacts(run.chart, { episodeId: payload.episodeId, visitId: payload.visitId, kind: payload.kind }),
  ])
  if (episode.patientId !== payload.patientId)
    throw new Refusal('invalid-input', 'The note names another patient than the episode. Propose it again.')
  const statements = settleStatements({ signed: payload.statements, drafted: draft.statements, facts, staffId: run.decidedBy })
  const { problems } = verifyNote(facts, statements)
  const stop = problems.find((problem) => problem.severity === 'error')
  if (stop !== undefined) {
    const own = stop.index === null || statements[stop.index]?.origin.startsWith('staff:') === true
    const where = stop.index === null ? '' : ` (sentence ${stop.index + 1})`
    // A sentence as drafted that no longer holds means that the chart changed. The reason names no value: refusals carry no patient data.
    throw own
      ? new Refusal('invalid-input', `${EXPLANATIONS[stop.code] ?? 'A sentence does not hold.'}${where}`, {
          code: stop.code,
          statement: stop.index,
        })
      : new Refusal('stale', `A drafted sentence no longer fits the chart${where}: propose the note again.`, {
          code: stop.code,
          statement: stop.index,
        })
  }
  run.change({ kind: 'document.sign', document: { ...payload, statements } })
  await run.tables
    .updateTable('draft')
    .set({
      state: 'signed',
      statements: JSON.stringify(statements),
      omitted: JSON.stringify(findOmitted(facts, statements)),
      notices: JSON.stringify(problems.map((problem) => problem.message)),
    })
    .where('id', '=', payload.id)
    .execute()
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  'minutes-missing': 'The note must state total timed minutes and total treatment time: put that sentence back.',
  side: 'A sentence names another side than the facts it is linked to: correct the sentence or the measurement.',
  'no-evidence': 'A sentence points at no fact: remove it or write it anew.',
}
