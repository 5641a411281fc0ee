import { Refusal } from '@gonio/sdk'
import { z } from 'zod'

import { nameOf, readDocument, readPatient, readRevisions } from '../chart/index.ts'
import { hasValidLicense, readStaff } from '../identity/index.ts'
import { act, read, readChart } from './act.ts'
import { Id, present, ShortText, StatementShape, Version } from './shapes.ts'
import { router, staff } from './trpc.ts'

export const documents = router({
  get: staff('document:read')
    .input(z.strictObject({ id: Id }))
    .query(async ({ ctx, input }) => {
      const { refs: _, ...found } = await readChart(ctx, 'documents.get', async (tx) => {
        const document = await readDocument(tx, input.id)
        const patient = await readPatient(tx, document.patientId)
        const names = new Map((await readStaff(tx)).map((member) => [member.id, member.name]))
        const revisions = await readRevisions(tx, input.id)
        return {
          refs: { patientId: document.patientId, episodeId: document.episodeId, documentId: document.id },
          document,
          patientName: nameOf(patient),
          // A printed page names the patient beyond doubt.
          patientBirthDate: patient.birthDate,
          patientMrn: patient.mrn,
          revisions: revisions.map((revision) => ({ ...revision, signedByName: names.get(revision.signedBy) ?? '' })),
        }
      })
      return found
    }),

  amend: staff('document:sign')
    .input(
      z.strictObject({
        id: Id,
        version: Version,
        statements: z.array(StatementShape).min(1).max(500),
        reason: ShortText,
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { viewer, deps } = ctx
      const document = await read(ctx, (tx) => readDocument(tx, input.id))
      if (document.signedBy !== viewer.staffId && !viewer.roles.includes('therapist')) {
        throw new Refusal('not-allowed', 'Only the person who signed, or a therapist, amends this document.')
      }
      if (!hasValidLicense(viewer, ['PT', 'PTA'], deps.clock.now().toISOString().slice(0, 10))) {
        throw new Refusal('license-required', 'Amending a document needs a valid PT or PTA license.')
      }
      const statements = input.statements.map((statement) => ({ ...statement, evidence: statement.evidence.map(present) }))
      const { patientId, episodeId } = document
      await act(ctx, 'document.amend', { patientId, episodeId, documentId: input.id }, [
        { kind: 'document.amend', id: input.id, version: input.version, statements, reason: input.reason },
      ])
      return { version: input.version + 1, revision: document.revision + 1 }
    }),
})
