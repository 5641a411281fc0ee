import { z } from 'zod'

export const NotesSettings = z.object({
  draftDischargeSummary: z.boolean().default(true).describe('Draft a discharge summary when an episode is discharged'),
})
export type NotesSettings = z.infer<typeof NotesSettings>
