import { createHash } from 'node:crypto'

import { Refusal } from '@gonio/sdk'
import type { ChartDocument, NewDocument, Statement } from '@gonio/sdk'
import canonicalize from 'canonicalize'

import type { Tx } from '../db/index.ts'
import { assertOneRow, notFound } from './change.ts'
import type { ChangeContext, Changed } from './change.ts'

/** Signs a document as the person who acts. What is signed is stored as its own revision that the database never lets change. */
export async function signDocument(tx: Tx, context: ChangeContext, document: NewDocument): Promise<Changed> {
  const { id, patientId, episodeId, visitId, kind, title } = document
  await tx
    .insertInto('chart.document')
    .values({ id, patientId, episodeId, visitId, kind, title, state: 'signed', revision: 1, organizationId: context.organizationId })
    .execute()
  await addRevision(tx, context, { documentId: id, revision: 1, statements: document.statements, reason: null })
  const refs = { patientId, episodeId, documentId: id, ...(visitId === null ? {} : { visitId }) }
  return { refs, events: [{ type: 'document.signed', refs }] }
}

/** Adds a revision; the signed text before it stays as it was. */
export async function amendDocument(
  tx: Tx,
  context: ChangeContext,
  change: { id: string; version: number; statements: readonly Statement[]; reason: string },
): Promise<Changed> {
  if (change.reason.trim() === '') throw new Refusal('invalid-input', 'Say why the document is amended; the reason stays with it.')
  const before = await tx
    .selectFrom('chart.document')
    .select(['patientId', 'episodeId', 'visitId', 'revision'])
    .where('id', '=', change.id)
    .executeTakeFirst()
  if (before === undefined) throw notFound('document')
  const revision = before.revision + 1
  const result = await tx
    .updateTable('chart.document')
    .set({ state: 'amended', revision, version: change.version + 1 })
    .where('id', '=', change.id)
    .where('version', '=', change.version)
    .executeTakeFirst()
  assertOneRow(result.numUpdatedRows, 'document')
  await addRevision(tx, context, { documentId: change.id, revision, statements: change.statements, reason: change.reason.trim() })
  const refs = {
    patientId: before.patientId,
    episodeId: before.episodeId,
    documentId: change.id,
    ...(before.visitId === null ? {} : { visitId: before.visitId }),
  }
  return { refs, events: [{ type: 'document.amended', refs }] }
}

export async function readDocument(tx: Tx, id: string): Promise<ChartDocument> {
  const document = (await documents(tx).where('chart.document.id', '=', id).execute())[0]
  if (document === undefined) throw notFound('document')
  return document
}

/** Signed documents of an episode in their latest revision, oldest first. */
export async function readDocuments(tx: Tx, episodeId: string): Promise<readonly ChartDocument[]> {
  return documents(tx).where('chart.document.episodeId', '=', episodeId).orderBy('signedAt').limit(500).execute()
}

export interface DocumentRevision extends Pick<ChartDocument, 'revision' | 'statements' | 'text' | 'signedBy' | 'signedAt'> {
  readonly reason: string | null
}

export async function readRevisions(tx: Tx, documentId: string): Promise<readonly DocumentRevision[]> {
  return tx
    .selectFrom('chart.documentRevision')
    .select(['revision', 'statements', 'text', 'signedBy', 'signedAt', 'reason'])
    .where('documentId', '=', documentId)
    .orderBy('revision')
    .limit(100)
    .execute()
}

function documents(tx: Tx) {
  return tx
    .selectFrom('chart.document')
    .innerJoin('chart.documentRevision', (join) =>
      join
        .onRef('chart.documentRevision.documentId', '=', 'chart.document.id')
        .onRef('chart.documentRevision.revision', '=', 'chart.document.revision'),
    )
    .select([
      'chart.document.id',
      'chart.document.version',
      'patientId',
      'episodeId',
      'visitId',
      'kind',
      'title',
      'state',
      'chart.document.revision',
      'statements',
      'text',
      'signedBy',
      'signedAt',
    ])
}

async function addRevision(
  tx: Tx,
  context: ChangeContext,
  revision: { documentId: string; revision: number; statements: readonly Statement[]; reason: string | null },
): Promise<void> {
  if (context.actor.kind !== 'staff' || context.actor.id === null) throw new Refusal('not-allowed', 'Only a person signs a document.')
  assertSignable(revision.statements)
  const text = renderText(revision.statements)
  await tx
    .insertInto('chart.documentRevision')
    .values({
      id: context.newId(),
      organizationId: context.organizationId,
      documentId: revision.documentId,
      revision: revision.revision,
      statements: JSON.stringify(revision.statements),
      text,
      sha256: createHash('sha256')
        .update(canonicalize(revision.statements) ?? '')
        .digest(),
      signedBy: context.actor.id,
      signedAt: context.now,
      reason: revision.reason,
    })
    .execute()
}

/** No statement without evidence (invariant 8), and no empty or endless document. */
function assertSignable(statements: readonly Statement[]): void {
  if (statements.length === 0 || statements.length > 500) throw new Refusal('invalid-input', 'A document has between 1 and 500 statements.')
  const bare = statements.findIndex((statement) => statement.evidence.length === 0 || statement.text.trim() === '')
  if (bare >= 0) {
    throw new Refusal(
      'invalid-input',
      `Statement ${bare + 1} has no evidence or no text. Link it to a fact, write it as your own, or remove it.`,
      { statement: bare },
    )
  }
}

function renderText(statements: readonly Statement[]): string {
  const sections = Map.groupBy(statements, (statement) => statement.section)
  return [...sections].map(([section, members]) => `${section}\n${members.map((statement) => statement.text).join(' ')}`).join('\n\n')
}
