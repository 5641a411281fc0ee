import { z } from 'zod'

import { draftNote } from './draft-note.ts'
import type { NoteDraft } from './draft-note.ts'
import { NOTE_KINDS, NoteFacts, StatementFact } from './facts.ts'
import { findOmitted } from './omitted.ts'
import { PROBLEM_CODES, verifyNote } from './verify-note.ts'

const OmittedRow = z.object({
  kind: z.enum(['measurement', 'visit']),
  id: z.string(),
  path: z.string(),
  label: z.string(),
  reason: z.string(),
})

export const DraftInput = NoteFacts
export const DraftOutput = z.object({
  kind: z.enum(NOTE_KINDS),
  title: z.string(),
  statements: z.array(StatementFact),
  omitted: z.array(OmittedRow),
  notices: z.array(z.string()),
  text: z.string(),
})
export function draft(input: NoteFacts): NoteDraft {
  return draftNote(input)
}

export const VerifyInput = z.object({ facts: NoteFacts, statements: z.array(StatementFact).max(200) })
export const VerifyOutput = z.object({
  ok: z.boolean(),
  problems: z.array(
    z.object({ index: z.int().nullable(), code: z.enum(PROBLEM_CODES), severity: z.enum(['error', 'warning']), message: z.string() }),
  ),
  omitted: z.array(OmittedRow),
})
export function verify(input: z.infer<typeof VerifyInput>): z.infer<typeof VerifyOutput> {
  return { ...verifyNote(input.facts, input.statements), omitted: findOmitted(input.facts, input.statements) }
}
