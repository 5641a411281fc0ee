import { Refusal } from '@gonio/sdk'
import type { Call } from '@gonio/sdk'
import { CompiledQuery, sql } from 'kysely'
import { z } from 'zod'

import type { Fact, FactNoun } from '../approvals/index.ts'
import {
  readClinic,
  readCoverages,
  readCoveragesById,
  readDocuments,
  readEpisodes,
  readEpisodesById,
  readGoals,
  readMeasurements,
  readPatientsById,
  readVisits,
  readVisitsById,
} from '../chart/index.ts'
import { readOnly } from '../db/index.ts'
import type { Db, Tx } from '../db/index.ts'
import { hashRows } from '../work/index.ts'
import type { OwnRead } from '../work/index.ts'
import { READ_PERMISSION } from './grants.ts'
import type { Registry } from './registry.ts'

/** What a run has read, for the version check at commit and for what a reviewer is shown. */
export interface ReadLog {
  readonly facts: Fact[]
  readonly ownReads: OwnRead[]
}

const MAX_FACTS = 3_000
const MAX_ROWS = 5_000
const ById = z.object({ id: z.uuid() })
const OfPatient = z.object({ patientId: z.uuid() })
const OfEpisode = z.object({ episodeId: z.uuid(), code: z.string().max(80).optional() })
const OfVisits = z.union([
  z.object({ episodeId: z.uuid() }),
  z.object({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) }),
])

interface Waiting {
  readonly method: string
  readonly args: unknown
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * Answers the reads of runs under the plugin's own database role, in read-only transactions. Reads that are asked in the same turn of the loop
 * share one transaction: fifty runs that start together cost one begin and one commit.
 */
export class Reader {
  readonly #db: Db
  readonly #registry: Registry
  readonly #batches = new Map<string, Waiting[]>()

  constructor(db: Db, registry: Registry) {
    this.#db = db
    this.#registry = registry
  }

  /** The `call` of one run. */
  callFor(of: { organizationId: string; plugin: string; granted: ReadonlySet<string>; log: ReadLog }): Call {
    return async (method, args) => {
      const needed = READ_PERMISSION[method]
      if (needed === undefined) throw new Refusal('not-allowed', `The kernel does not know ${method.slice(0, 60)}.`)
      if (!of.granted.has(needed))
        throw new Refusal('not-allowed', `Plugin ${of.plugin} wanted ${method} but was not granted ${needed}.`, {
          plugin: of.plugin,
          permission: needed,
        })
      // The clinic's own places and staff are not patient data and not in reach of a plugin's role.
      if (method === 'chart.clinic') return readOnly(this.#db, of.organizationId, readClinic)
      const answer = await this.#join(of.organizationId, of.plugin, { method, args })
      if (method === 'own.select') of.log.ownReads.push({ query: Reflect.get(Object(args), 'query'), hash: hashRows(asRows(answer)) })
      else note(of.log, method, answer)
      return answer
    }
  }

  #join(organizationId: string, plugin: string, asked: Pick<Waiting, 'method' | 'args'>): Promise<unknown> {
    const key = `${organizationId}|${plugin}`
    return new Promise((resolve, reject) => {
      const batch = this.#batches.get(key)
      if (batch !== undefined && batch.length < 100) batch.push({ ...asked, resolve, reject })
      else {
        const fresh: Waiting[] = [{ ...asked, resolve, reject }]
        this.#batches.set(key, fresh)
        setImmediate(() => void this.#flush(key, organizationId, plugin, fresh))
      }
    })
  }

  async #flush(key: string, organizationId: string, plugin: string, batch: readonly Waiting[]): Promise<void> {
    if (this.#batches.get(key) === batch) this.#batches.delete(key)
    try {
      await readOnly(this.#db, organizationId, async (tx) => {
        await sql`set local role ${sql.id(this.#registry.roleOf(plugin))}`.execute(tx)
        await answerById(tx, batch)
        for (const waiting of batch) {
          if (waiting.method in BY_ID) continue
          try {
            waiting.resolve(await this.#answer(tx, plugin, waiting.method, waiting.args))
          } catch (error) {
            waiting.reject(error)
            // A refusal leaves the transaction usable; an error of the server ends it for all.
            if (!(error instanceof Refusal)) throw error
          }
        }
      })
    } catch (error) {
      // Settled promises ignore this; the rest of the batch is told that it must be read again.
      for (const waiting of batch) waiting.reject(error)
    }
  }

  async #answer(tx: Tx, plugin: string, method: string, args: unknown): Promise<unknown> {
    switch (method) {
      case 'chart.coverages':
        return readCoverages(tx, OfPatient.parse(args).patientId)
      case 'chart.episodes':
        return readEpisodes(tx, [OfPatient.parse(args).patientId])
      case 'chart.visits':
        return readVisits(tx, OfVisits.parse(args))
      case 'chart.measurements':
        return readMeasurements(tx, OfEpisode.parse(args))
      case 'chart.goals':
        return readGoals(tx, OfEpisode.parse(args).episodeId)
      case 'chart.documents':
        return readDocuments(tx, OfEpisode.parse(args).episodeId)
      default: {
        const { sql: text, parameters } = this.#registry.compileSelect(plugin, Reflect.get(Object(args), 'query'))
        const { rows } = await tx
          .withoutPlugins()
          .executeQuery(CompiledQuery.raw(`select * from (${text}) as asked limit ${MAX_ROWS + 1}`, [...parameters]))
        if (rows.length > MAX_ROWS)
          throw new Refusal('too-many', `A query of plugin ${plugin} found more than ${MAX_ROWS} rows. Select a page at a time.`)
        return rows
      }
    }
  }
}

/** The reads that name one row: all of a batch that want the same noun are one query. */
const BY_ID: Readonly<Record<string, (tx: Tx, ids: readonly string[]) => Promise<readonly { id: string }[]>>> = {
  'chart.patient': readPatientsById,
  'chart.coverage': readCoveragesById,
  'chart.episode': readEpisodesById,
  'chart.visit': readVisitsById,
}

async function answerById(tx: Tx, batch: readonly Waiting[]): Promise<void> {
  for (const [method, read] of Object.entries(BY_ID)) {
    const asked = batch.flatMap((waiting) => {
      const parsed = waiting.method === method ? ById.safeParse(waiting.args) : null
      if (parsed?.success === false) waiting.reject(new Refusal('invalid-input', `${method} takes the id of one row.`))
      return parsed?.success === true ? [{ waiting, id: parsed.data.id }] : []
    })
    if (asked.length === 0) continue
    const rows = new Map((await read(tx, [...new Set(asked.map(({ id }) => id))])).map((row) => [row.id, row]))
    for (const { waiting, id } of asked) {
      const row = rows.get(id)
      if (row === undefined) waiting.reject(new Refusal('not-found', `There is no such ${nounOf(method)} in this clinic.`))
      else waiting.resolve(row)
    }
  }
}

function note(log: ReadLog, method: string, answer: unknown): void {
  const noun = nounOf(method)
  for (const row of Array.isArray(answer) ? answer : [answer]) {
    const { id, version } = Object(row)
    if (typeof id !== 'string' || typeof version !== 'number') continue
    if (log.facts.some((fact) => fact.id === id && fact.version === version)) continue
    if (log.facts.length >= MAX_FACTS)
      throw new Refusal('too-many', `A run may read at most ${MAX_FACTS} chart rows. Read a narrower period or split the job.`)
    log.facts.push({ noun, id, version, row: structuredClone(Object(row)) })
  }
}

function nounOf(method: string): FactNoun {
  if (method.startsWith('chart.patient')) return 'patient'
  if (method.startsWith('chart.coverage')) return 'coverage'
  if (method.startsWith('chart.episode')) return 'episode'
  if (method.startsWith('chart.visit')) return 'visit'
  if (method.startsWith('chart.measurement')) return 'measurement'
  return method.startsWith('chart.goal') ? 'goal' : 'document'
}

function asRows(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer : []
}
