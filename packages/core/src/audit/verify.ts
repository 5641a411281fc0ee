import { sql } from 'kysely'

import { readOnly } from '../db/index.ts'
import type { Db } from '../db/index.ts'
import { openCheckpoint, originOf } from './checkpoint-note.ts'
import { signatureProblem, startCheck, takeCheckpoint, takeEntry } from './log-check.ts'
import type { AuditProblem, LogCheck, PlacedCheckpoint } from './log-check.ts'
import { rootOf } from './tree.ts'
import type { TreeNode } from './tree.ts'
import { readBatch, readHead } from './verify-rows.ts'
import type { Batch, Head } from './verify-rows.ts'
import { findBeyond, walkUnsealed } from './verify-unsealed.ts'

export interface AuditReport {
  readonly ok: boolean
  /** Entries looked at, sealed or not, up to the first problem. */
  readonly checked: number
  /** Sealed entries, and the base64 root of their tree. */
  readonly size: number
  readonly root: string
  /** Entries that wait for the next seal: until then a superuser could change them unnoticed. */
  readonly unsealed: number
  readonly problem: AuditProblem | null
  readonly at: string
}

export interface VerifyOptions {
  /** Notes of earlier checkpoints kept outside of the database: only they show that a whole tail with its checkpoints was cut off. */
  readonly anchors?: readonly string[]
}

const BATCH = 8192

/**
 * Reads the whole log of an organization and recomputes everything: each leaf from its body, each column against the body, the tree
 * against every checkpoint, every signature, the stored inner nodes, and the entries that are not sealed yet. Writers and sealers may
 * go on meanwhile: what lies below the head never changes, so short transactions are enough.
 */
export async function verifyAudit(
  db: Db,
  organizationId: string,
  publicKey: Uint8Array,
  options: VerifyOptions = {},
): Promise<AuditReport> {
  const head = await readOnly(db, organizationId, (tx) => readHead(tx, organizationId))
  const check = startCheck(originOf(organizationId), organizationId, publicKey)
  const anchors = readAnchors(check, options.anchors ?? [])
  const sealed =
    anchors.problem ?? headProblem(check, head, anchors.checkpoints) ?? (await walkSealed(db, check, head?.size ?? 0, anchors.checkpoints))
  const rest = await readOnly(db, organizationId, async (tx) => {
    const beyond = sealed ?? (await findBeyond(tx, organizationId))
    const waiting = await walkUnsealed(tx, organizationId, beyond !== null)
    const now = await sql<{ at: string }>`select now() as at`.execute(tx)
    return { waiting, problem: beyond ?? waiting.problem, at: now.rows[0]?.at ?? '' }
  })
  return {
    ok: rest.problem === null,
    checked: check.edge.size + rest.waiting.checked,
    size: check.edge.size,
    root: rootOf(check.edge).toString('base64'),
    unsealed: rest.waiting.count,
    problem: rest.problem,
    at: rest.at,
  }
}

function readAnchors(
  check: LogCheck,
  notes: readonly string[],
): { checkpoints: readonly PlacedCheckpoint[]; problem: AuditProblem | null } {
  const checkpoints = notes.map((note) => ({ note, size: openCheckpoint(note, check.origin, check.publicKey)?.size ?? 0 }))
  const foreign = checkpoints.some((checkpoint) => checkpoint.size === 0)
  return { checkpoints, problem: foreign ? { seq: null, id: null, what: 'A kept checkpoint was not signed by the key of this log' } : null }
}

/** The head is judged first: a forged one would make every count wrong. */
function headProblem(check: LogCheck, head: Head | undefined, anchors: readonly PlacedCheckpoint[]): AuditProblem | null {
  const forged = head ? signatureProblem(check, head) : null
  if (head && forged) return { seq: head.size - 1, id: null, what: forged }
  const size = head?.size ?? 0
  const kept = Math.max(0, ...anchors.map((anchor) => anchor.size))
  return kept > size
    ? { seq: size, id: null, what: `The log ends at ${size} entries, but a kept checkpoint proves ${kept}: its tail was cut off` }
    : null
}

async function walkSealed(db: Db, check: LogCheck, size: number, anchors: readonly PlacedCheckpoint[]): Promise<AuditProblem | null> {
  const fetch = (from: number): Promise<Batch> =>
    readOnly(db, check.organizationId, (tx) => readBatch(tx, check.organizationId, from, Math.min(from + BATCH, size), anchors))
  let next = size > 0 ? fetch(0) : undefined
  while (next) {
    const batch = await next
    // The server reads the next batch while this one is hashed.
    next = batch.to < size ? fetch(batch.to) : undefined
    const problem = walkBatch(check, batch)
    if (problem) {
      await next?.catch(() => {})
      return problem
    }
  }
  return null
}

function walkBatch(check: LogCheck, batch: Batch): AuditProblem | null {
  // A stored node that differs is told only when no checkpoint tells more; the roots decide who is right.
  let suspect: AuditProblem | null = null
  for (const entry of batch.entries) {
    const { problem, nodes } = takeEntry(check, entry)
    if (problem) return problem
    suspect ??= nodeProblem(nodes, batch.nodes)
    for (const checkpoint of batch.checkpoints.get(check.edge.size) ?? []) {
      const wrong = takeCheckpoint(check, checkpoint)
      if (wrong) return wrong
    }
  }
  if (check.edge.size < batch.to) return { seq: check.edge.size, id: null, what: `The entry at place ${check.edge.size} is missing` }
  return suspect
}

function nodeProblem(computed: readonly TreeNode[], stored: ReadonlyMap<string, Buffer>): AuditProblem | null {
  const wrong = computed.find((node) => !stored.get(`${node.level}/${node.index}`)?.equals(node.hash))
  return wrong
    ? {
        seq: wrong.index * 2 ** wrong.level,
        id: null,
        what: `The stored hash of ${2 ** wrong.level} entries from this place on is missing or was changed`,
      }
    : null
}
