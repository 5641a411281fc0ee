/**
 * Owns the drafting of visit notes and discharge summaries from facts, and the verifier that holds each sentence against its evidence.
 * It never signs, never invents an assessment, and never lets a drafted sentence stand that its evidence does not carry.
 * Called by the kernel on `visit.completed` and `episode.discharged`, when a clinician decides `document.sign`, and for the visit's panel.
 */
import { definePlugin, View } from '@gonio/sdk'
import { z } from 'zod'

import { showNote } from './note-view.ts'
import { prepareDischarge, prepareVisitNote } from './prepare-note.ts'
import { draft, DraftInput, DraftOutput, verify, VerifyInput, VerifyOutput } from './procedures.ts'
import { NotesSettings } from './settings.ts'
import { signNote } from './sign-note.ts'
import { migrations } from './tables.ts'
import type { NotesTables } from './tables.ts'

export const notesPlugin = definePlugin<NotesTables>()({
  id: 'notes',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Visit notes',
  summary: 'Drafts notes from what happened in the visit, each sentence with its evidence; a clinician signs.',
  permissions: [
    'clinic:read',
    'patient:read',
    'episode:read',
    'visit:read',
    'measurement:read',
    'goal:read',
    'document:propose',
    'own-data:write',
    'event:emit',
    'ui:contribute',
  ],
  settings: NotesSettings,
  migrations,
  setup(plugin) {
    plugin.on('visit.completed', prepareVisitNote)
    plugin.on('episode.discharged', prepareDischarge)
    plugin.action(signNote)
    plugin.procedure(
      'notes.draft',
      { input: DraftInput, output: DraftOutput, access: 'pure', summary: 'Drafts a note from facts, each sentence with evidence' },
      draft,
    )
    plugin.procedure(
      'notes.verify',
      { input: VerifyInput, output: VerifyOutput, access: 'pure', summary: 'Holds sentences against their evidence' },
      verify,
    )
    plugin.procedure(
      'notes.visit-view',
      {
        input: z.object({ visitId: z.uuid() }),
        output: z.object({ view: View }),
        access: 'document:sign',
        summary: 'The note of a visit and what is not in it',
      },
      showNote,
    )
    plugin.view({ id: 'note', slot: 'visit.panel/v1', title: 'Note', procedure: 'notes.visit-view' })
  },
})
