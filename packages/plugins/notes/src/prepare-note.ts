import type { GonioEvent, Run } from '@gonio/sdk'

import { draftNote, renderNote } from './draft-note.ts'
import type { NoteDraft } from './draft-note.ts'
import type { NoteFacts } from './facts.ts'
import { findOmitted } from './omitted.ts'
import { readFacts } from './read-facts.ts'
import type { NotesSettings } from './settings.ts'
import type { NotesTables } from './tables.ts'
import { verifyNote } from './verify-note.ts'

type NotesRun = Run<NotesTables, NotesSettings>

/** On `visit.completed`: drafts the note of the visit and proposes it for signature. */
export async function prepareVisitNote(event: GonioEvent, run: NotesRun): Promise<void> {
  const { episodeId, visitId } = event.refs
  if (episodeId !== undefined && visitId !== undefined) await prepareNote({ episodeId, visitId }, run)
}

/** On `episode.discharged`: drafts the discharge summary. */
export async function prepareDischarge(event: GonioEvent, run: NotesRun): Promise<void> {
  const { episodeId } = event.refs
  if (episodeId !== undefined && run.settings.draftDischargeSummary) await prepareNote({ episodeId, visitId: null }, run)
}

async function prepareNote(of: { episodeId: string; visitId: string | null }, run: NotesRun): Promise<void> {
  const [episode, facts] = await Promise.all([run.chart.episode(of.episodeId), readFacts(run.chart, of)])
  const draft = keepVerified(draftNote(facts), facts)
  if (draft.statements.length === 0) return
  const id = run.newId()
  await run.tables
    .insertInto('draft')
    .values({
      id,
      episode_id: of.episodeId,
      visit_id: of.visitId,
      kind: draft.kind,
      title: draft.title,
      statements: JSON.stringify(draft.statements),
      omitted: JSON.stringify(draft.omitted),
      notices: JSON.stringify(draft.notices),
      state: 'proposed',
      created_at: run.now,
    })
    .execute()
  const refs = { patientId: episode.patientId, episodeId: of.episodeId, ...(of.visitId === null ? {} : { visitId: of.visitId }) }
  const cited = draft.statements.flatMap((row) => row.evidence)
  const measured = cited.filter((evidence) => evidence.kind === 'measurement').map((evidence) => `measurement:${evidence.id}`)
  run.propose({
    action: 'document.sign',
    title: `Sign: ${draft.title}`,
    payload: {
      id,
      patientId: episode.patientId,
      episodeId: of.episodeId,
      visitId: of.visitId,
      kind: draft.kind,
      title: draft.title,
      statements: draft.statements,
    },
    refs,
    evidence: [...new Map(cited.map((evidence) => [`${evidence.kind} ${evidence.id} ${evidence.path ?? ''}`, evidence])).values()].slice(
      0,
      200,
    ),
    // The visit and its measurements. A later visit booked or a plan approved does not spoil a note: every sentence is verified again at signature.
    basedOn: [...new Set([...(of.visitId === null ? [`episode:${of.episodeId}`] : [`visit:${of.visitId}`]), ...measured])],
    key: of.visitId === null ? `discharge:${of.episodeId}` : `note:${of.visitId}`,
  })
  run.emit('document.drafted', refs)
}

/** A drafted sentence that fails the verifier is never shown as a draft: it is left out, and what it spoke of is listed as not in the note. */
export function keepVerified(draft: NoteDraft, facts: NoteFacts): NoteDraft {
  const failed = new Set(
    verifyNote(facts, draft.statements)
      .problems.filter((problem) => problem.severity === 'error')
      .map((problem) => problem.index),
  )
  const statements = draft.statements.filter((_, index) => !failed.has(index))
  const left = draft.statements.length - statements.length
  if (left === 0) return draft
  const notice = `${left} drafted sentence(s) failed verification and were left out.`
  return {
    ...draft,
    statements,
    omitted: findOmitted(facts, statements),
    notices: [...draft.notices, notice],
    text: renderNote(statements),
  }
}
