import { sql } from 'kysely'

import { readOnly } from '../db/index.ts'
import type { Db, Tx } from '../db/index.ts'
import { originOf, verifierKeyOf } from './checkpoint-note.ts'

const BATCH = 4096

/**
 * The whole log as NDJSON lines (without line ends): a header, each entry in order with the exact text that was hashed, each checkpoint
 * after the entry that completed it, then the entries not sealed yet, and an end line. `verifyExport` reads it anywhere, offline.
 */
export async function* exportAudit(db: Db, organizationId: string, publicKey: Uint8Array): AsyncGenerator<string, void, void> {
  const origin = originOf(organizationId)
  const { size, at } = await readOnly(db, organizationId, (tx) => readEnd(tx, organizationId))
  yield JSON.stringify({
    type: 'header',
    format: 'gonio-audit/1',
    origin,
    organizationId,
    verifierKey: verifierKeyOf(origin, publicKey),
    at,
  })
  for (let from = 0; from < size; from += BATCH) {
    const to = Math.min(from + BATCH, size)
    const { entries, checkpoints } = await readOnly(db, organizationId, (tx) => readBatch(tx, organizationId, from, to))
    for (const entry of entries) {
      yield JSON.stringify({ type: 'entry', seq: entry.seq, id: entry.entryId, body: entry.body?.toString('utf8') ?? null })
      const note = checkpoints.get(entry.seq + 1)
      if (note !== undefined) yield JSON.stringify({ type: 'checkpoint', size: entry.seq + 1, note })
    }
  }
  let unsealed = 0
  for await (const line of exportUnsealed(db, organizationId, size)) {
    unsealed++
    yield line
  }
  yield JSON.stringify({ type: 'end', size, unsealed })
}

async function readEnd(tx: Tx, organizationId: string): Promise<{ size: number; at: string }> {
  const result = await sql<{ size: number; at: string }>`
    select coalesce(max(size), 0) as size, now() as at from audit.checkpoint where organization_id = ${organizationId}`.execute(tx)
  return result.rows[0] ?? { size: 0, at: '' }
}

async function readBatch(tx: Tx, organizationId: string, from: number, to: number) {
  const entries = await sql<{ seq: number; entryId: string; body: Buffer | null }>`
    select s.seq, s.entry_id, e.body
    from audit.sealed s left join audit.entry e on e.organization_id = s.organization_id and e.id = s.entry_id
    where s.organization_id = ${organizationId} and s.seq >= ${from} and s.seq < ${to}
    order by s.seq`.execute(tx)
  const checkpoints = await tx
    .selectFrom('audit.checkpoint')
    .select(['size', 'note'])
    .where('organizationId', '=', organizationId)
    .where('size', '>', from)
    .where('size', '<=', to)
    .execute()
  return { entries: entries.rows, checkpoints: new Map(checkpoints.map((row) => [row.size, row.note])) }
}

/** What had no place below `size`; an entry that was sealed meanwhile counts as unsealed in this export. */
async function* exportUnsealed(db: Db, organizationId: string, size: number): AsyncGenerator<string, void, void> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await readOnly(db, organizationId, async (tx) => {
      const result = await sql<{ id: string; body: Buffer; leaf: Buffer }>`
        select e.id, e.body, e.leaf from audit.entry e
        where e.organization_id = ${organizationId} and e.id > ${after}
          and not exists (select from audit.sealed s where s.organization_id = e.organization_id and s.entry_id = e.id and s.seq < ${size})
        order by e.id limit ${BATCH}`.execute(tx)
      return result.rows
    })
    for (const row of rows)
      yield JSON.stringify({ type: 'unsealed', id: row.id, body: row.body.toString('utf8'), leaf: row.leaf.toString('base64') })
    const last = rows.at(-1)
    if (!last || rows.length < BATCH) return
    after = last.id
  }
}
