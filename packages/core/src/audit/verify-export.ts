import { z } from 'zod'

import { openCheckpoint, originOf } from './checkpoint-note.ts'
import { entryProblem, startCheck, takeCheckpoint, takeEntry } from './log-check.ts'
import type { AuditProblem, LogCheck } from './log-check.ts'
import { rootOf } from './tree.ts'

export interface ExportReport {
  readonly ok: boolean
  readonly checked: number
  readonly size: number
  readonly root: string
  readonly unsealed: number
  readonly problem: AuditProblem | null
}

const Line = z.discriminatedUnion('type', [
  z.object({ type: z.literal('header'), format: z.literal('gonio-audit/1'), origin: z.string(), organizationId: z.string() }),
  z.object({ type: z.literal('entry'), seq: z.int().nonnegative(), id: z.string(), body: z.string().nullable() }),
  z.object({ type: z.literal('checkpoint'), size: z.int().positive(), note: z.string() }),
  z.object({ type: z.literal('unsealed'), id: z.string(), body: z.string(), leaf: z.string() }),
  z.object({ type: z.literal('end'), size: z.int().nonnegative(), unsealed: z.int().nonnegative() }),
])
type Line = z.infer<typeof Line>

interface Walk {
  check: LogCheck | undefined
  unsealed: number
  ended: boolean
  readonly publicKey: Uint8Array
  /** Kept notes by the size they prove. */
  readonly anchors: Map<number, string>
}

/**
 * Judges an export without any database: with the public key alone, and with kept checkpoint notes also against a cut-off tail.
 *
 * @param lines the lines of `exportAudit`, with or without line ends; blank ones are passed over
 */
export async function verifyExport(
  lines: Iterable<string> | AsyncIterable<string>,
  publicKey: Uint8Array,
  anchors: readonly string[] = [],
): Promise<ExportReport> {
  const walk: Walk = { check: undefined, unsealed: 0, ended: false, publicKey, anchors: new Map() }
  let problem: AuditProblem | null = null
  for await (const text of lines) {
    if (text.trim() === '') continue
    problem = takeLine(walk, text, anchors)
    if (problem) break
  }
  problem ??= endProblem(walk)
  const size = walk.check?.edge.size ?? 0
  return {
    ok: problem === null,
    checked: size + walk.unsealed,
    size,
    root: walk.check ? rootOf(walk.check.edge).toString('base64') : '',
    unsealed: walk.unsealed,
    problem,
  }
}

function takeLine(walk: Walk, text: string, anchors: readonly string[]): AuditProblem | null {
  const line = parseLine(text)
  const here = { seq: walk.check?.edge.size ?? null, id: null }
  if (!line || walk.ended) return { ...here, what: 'A line of the export is not readable' }
  if (line.type === 'header') return takeHeader(walk, line, anchors)
  if (!walk.check) return { ...here, what: 'The export has no header' }
  if (line.type === 'end') return takeEnd(walk, walk.check, line)
  if (line.type === 'checkpoint')
    return line.size === walk.check.edge.size
      ? takeCheckpoint(walk.check, line)
      : { ...here, what: `The checkpoint of size ${line.size} stands at another place` }
  if (line.type === 'entry') return takeSealed(walk, walk.check, line)
  walk.unsealed++
  const what = entryProblem(
    Buffer.from(line.body, 'utf8'),
    { id: line.id, leaf: Buffer.from(line.leaf, 'base64') },
    walk.check.organizationId,
  )
  return what ? { seq: null, id: line.id, what } : null
}

function parseLine(text: string): Line | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function takeHeader(walk: Walk, header: Line & { type: 'header' }, anchors: readonly string[]): AuditProblem | null {
  if (walk.check || header.origin !== originOf(header.organizationId))
    return { seq: null, id: null, what: 'The header of the export is not readable' }
  walk.check = startCheck(header.origin, header.organizationId, walk.publicKey)
  for (const note of anchors) {
    const claim = openCheckpoint(note, header.origin, walk.publicKey)
    if (!claim) return { seq: null, id: null, what: 'A kept checkpoint was not signed by the key of this log' }
    walk.anchors.set(claim.size, note)
  }
  return null
}

function takeSealed(walk: Walk, check: LogCheck, line: Line & { type: 'entry' }): AuditProblem | null {
  const { problem } = takeEntry(check, {
    seq: line.seq,
    id: line.id,
    body: line.body === null ? undefined : Buffer.from(line.body, 'utf8'),
  })
  const kept = walk.anchors.get(check.edge.size)
  return problem ?? (kept === undefined ? null : takeCheckpoint(check, { size: check.edge.size, note: kept }))
}

function takeEnd(walk: Walk, check: LogCheck, end: Line & { type: 'end' }): AuditProblem | null {
  walk.ended = true
  if (end.size !== check.edge.size) return { seq: check.edge.size, id: null, what: `The entry at place ${check.edge.size} is missing` }
  if (check.proven !== check.edge.size)
    return { seq: check.proven, id: check.first?.id ?? null, what: 'The checkpoint that sealed this entry is missing' }
  if (end.unsealed !== walk.unsealed) return { seq: null, id: null, what: 'An entry that was not sealed yet is missing' }
  const kept = Math.max(0, ...walk.anchors.keys())
  return kept > check.edge.size
    ? {
        seq: check.edge.size,
        id: null,
        what: `The log ends at ${check.edge.size} entries, but a kept checkpoint proves ${kept}: its tail was cut off`,
      }
    : null
}

function endProblem(walk: Walk): AuditProblem | null {
  return walk.ended ? null : { seq: walk.check?.edge.size ?? null, id: null, what: 'The export breaks off before its end' }
}
