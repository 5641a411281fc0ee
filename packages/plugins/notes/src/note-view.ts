import type { Run, View } from '@gonio/sdk'

import type { NotesSettings } from './settings.ts'
import type { NotesTables } from './tables.ts'

/** The visit's panel: the draft or the signed text, and what was measured or said but is not in it. */
export async function showNote(input: { visitId: string }, run: Run<NotesTables, NotesSettings>): Promise<{ view: View }> {
  const rows = await run.tables
    .selectFrom('draft')
    .selectAll()
    .where('visit_id', '=', input.visitId)
    .orderBy('created_at', 'desc')
    .limit(1)
    .execute()
  const [draft] = rows
  if (draft === undefined)
    return { view: { kind: 'empty', title: 'No note yet', hint: 'A draft appears here when the visit is completed.' } }
  const children: View[] = [
    {
      kind: 'text',
      text: draft.state === 'signed' ? 'Signed.' : 'Draft: read it, change what is wrong, sign it under Approvals.',
      tone: draft.state === 'signed' ? 'good' : 'plain',
    },
    {
      kind: 'statements',
      caption: draft.title,
      sentences: draft.statements.slice(0, 200).map((row) => ({
        section: row.section,
        text: row.text.slice(0, 2_000),
        evidence: row.evidence.slice(0, 20).map((evidence) => (evidence.label ?? evidence.kind).slice(0, 300)),
      })),
    },
    ...draft.notices.map((text): View => ({ kind: 'text', text: text.slice(0, 2_000), tone: 'warn' })),
  ]
  if (draft.omitted.length > 0) {
    children.push({
      kind: 'table',
      caption: 'Measured or said, not in the note',
      columns: [
        { key: 'what', label: 'What' },
        { key: 'why', label: 'Why' },
      ],
      rows: draft.omitted.slice(0, 200).map((row) => ({ what: row.label, why: row.reason })),
    })
  }
  return { view: { kind: 'stack', title: 'Note', children } }
}
