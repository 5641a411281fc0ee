import { createHash } from 'node:crypto'

import { isRefusal } from '@gonio/sdk'
import canonicalize from 'canonicalize'
import { sql } from 'kysely'

import type { Tx } from '../db/index.ts'
import { readCoverage, readDocument, readEpisode, readGoals, readMeasurements, readPatient, readVisit } from '../chart/index.ts'
import type { Fact, FactNoun } from './tables.ts'

export interface ChangedFact {
  readonly noun: FactNoun
  readonly id: string
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/**
 * Which of the facts no longer have the version they were read at. The rows are locked until the end of the transaction, always in the
 * same order, so that two commits cannot wait for each other.
 */
export async function lockAndCompare(tx: Tx, facts: readonly Fact[]): Promise<ReadonlySet<string>> {
  const moved = new Set<string>()
  const byNoun = Map.groupBy(facts, (fact) => fact.noun)
  for (const noun of [...byNoun.keys()].toSorted()) {
    const members = byNoun.get(noun) ?? []
    const ids = [...new Set(members.map((fact) => fact.id))].toSorted()
    // Measurements are only ever added, and the application may not update them: nothing to lock.
    const locking = noun === 'measurement' ? sql`` : sql`for no key update`
    const rows = await sql<{ id: string; version: number }>`
      select id, version from ${sql.table(`chart.${noun}`)} where id = any(${ids}::uuid[]) order by id ${locking}`.execute(tx)
    const current = new Map(rows.rows.map((row) => [row.id, row.version]))
    for (const fact of members) if (current.get(fact.id) !== fact.version) moved.add(`${noun}:${fact.id}`)
  }
  return moved
}

/** Field by field, what is different now from when the facts were read. */
export async function describeChanges(tx: Tx, facts: readonly Fact[]): Promise<readonly ChangedFact[]> {
  const changes: ChangedFact[] = []
  for (const fact of facts) {
    const now = await readFact(tx, fact)
    if (now === null) changes.push({ noun: fact.noun, id: fact.id, field: '(the whole record)', before: 'present', after: 'gone' })
    else if (now['version'] !== fact.version) {
      const before = fact.row ?? {}
      const fields = Object.keys(now).filter((field) => field !== 'version' && canonicalize(before[field]) !== canonicalize(now[field]))
      for (const field of fields)
        changes.push({ noun: fact.noun, id: fact.id, field, before: before[field] ?? null, after: now[field] ?? null })
      // A visit's version also rises with each measurement taken in it.
      if (fields.length === 0)
        changes.push({
          noun: fact.noun,
          id: fact.id,
          field: fact.noun === 'visit' ? 'measurements' : 'version',
          before: fact.version,
          after: now['version'],
        })
    }
  }
  return changes
}

async function readFact(tx: Tx, fact: Fact): Promise<Record<string, unknown> | null> {
  try {
    switch (fact.noun) {
      case 'patient':
        return { ...(await readPatient(tx, fact.id)) }
      case 'coverage':
        return { ...(await readCoverage(tx, fact.id)) }
      case 'episode':
        return { ...(await readEpisode(tx, fact.id)) }
      case 'visit':
        return { ...(await readVisit(tx, fact.id)) }
      case 'document':
        return { ...(await readDocument(tx, fact.id)) }
      case 'goal':
        return await readOne(tx, fact, async (episodeId) => readGoals(tx, episodeId))
      case 'measurement':
        return await readOne(tx, fact, async (episodeId) => readMeasurements(tx, { episodeId }))
    }
  } catch (error) {
    if (isRefusal(error)) return null
    throw error
  }
}

async function readOne(
  tx: Tx,
  fact: Fact,
  read: (episodeId: string) => Promise<readonly { id: string }[]>,
): Promise<Record<string, unknown> | null> {
  const episodeId = fact.row?.['episodeId']
  if (typeof episodeId !== 'string') return null
  const row = (await read(episodeId)).find((candidate) => candidate.id === fact.id)
  return row === undefined ? null : { ...row }
}

/** SHA-256 over exactly what the approver sees: payload, evidence and the versions of the facts. Binds a decision to it. */
export function seenHashOf(proposal: { id: string; payload: unknown; evidence: unknown; facts: readonly Fact[] }): string {
  const shown = {
    id: proposal.id,
    payload: proposal.payload,
    evidence: proposal.evidence,
    facts: proposal.facts.map(({ noun, id, version }) => ({ noun, id, version })),
  }
  return createHash('sha256')
    .update(canonicalize(shown) ?? '')
    .digest('hex')
}
