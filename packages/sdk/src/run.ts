import type { Kysely, RootOperationNode } from 'kysely'

import type { ChartDocument, Clinic, Coverage, Episode, Goal, Measurement, Patient, Visit } from './chart.ts'
import type { ChartEffect, Effect, JobInput, NewMeasurement, ProposalDraft } from './effects.ts'
import type { Refs } from './events.ts'
import { openTables } from './tables.ts'

/** The reads a run may make; each row read is remembered with its version and checked again when the run commits. */
export interface ChartReader {
  patient(id: string): Promise<Patient>
  coverages(of: { patientId: string }): Promise<readonly Coverage[]>
  coverage(id: string): Promise<Coverage>
  episode(id: string): Promise<Episode>
  episodes(of: { patientId: string }): Promise<readonly Episode[]>
  visit(id: string): Promise<Visit>
  /** Visits of an episode, or of the clinic between two instants (at most 62 days). */
  visits(of: { episodeId: string } | { from: string; to: string }): Promise<readonly Visit[]>
  /** Measurements of an episode, oldest first. */
  measurements(of: { episodeId: string; code?: string }): Promise<readonly Measurement[]>
  goals(of: { episodeId: string }): Promise<readonly Goal[]>
  /** Signed documents of an episode, oldest first. */
  documents(of: { episodeId: string }): Promise<readonly ChartDocument[]>
  clinic(): Promise<Clinic>
}

/** Who is behind the run: a member of staff, a patient on a link, or the kernel itself for events and jobs. */
export interface RunActor {
  readonly kind: 'staff' | 'patient' | 'system'
  readonly id: string | null
}

/** What every handler receives. Reads ask the kernel; everything else joins the unit of work and is committed when the handler returns. */
export interface Run<Tables = object, Settings = Readonly<Record<string, unknown>>> {
  readonly id: string
  /** The instant the run started, ISO. Plugins never read a clock of their own. */
  readonly now: string
  readonly actor: RunActor
  readonly settings: Settings
  readonly chart: ChartReader
  readonly signal: AbortSignal
  /** The plugin's own tables. Selects answer at once; writes are committed with the run. */
  readonly tables: Kysely<Tables>
  newId(): string
  propose(proposal: Omit<ProposalDraft, 'id'> & { id?: string }): string
  withdraw(key: string, reason: string): void
  enqueue(job: string, input: JobInput, options?: { afterSeconds?: number; key?: string }): void
  emit(type: string, refs: Refs): void
  recordMeasurement(measurement: Omit<NewMeasurement, 'id'>): string
  createLink(link: { procedures: readonly string[]; subject: Refs; expiresInHours: number; language?: 'en' | 'es'; title?: string }): string
  closeLink(id: string): void
  deliver(delivery: { target: string; key: string; body: unknown; refs: Refs }): string
}

/** What an action's `apply` receives: a run that may also change the chart, within what the action declared. */
export interface ApplyRun<Tables = object, Settings = Readonly<Record<string, unknown>>> extends Run<Tables, Settings> {
  readonly proposalId: string
  /** The person who approved. */
  readonly decidedBy: string
  change(effect: ChartEffect): void
}

/** How a run asks the kernel: one function, data in, data out. The host decides whether a process border lies between. */
export type Call = (method: string, args: unknown) => Promise<unknown>

export interface RunSeed {
  readonly runId: string
  readonly now: string
  readonly actor: RunActor
  readonly settings: Readonly<Record<string, unknown>>
  readonly proposalId?: string
  readonly decidedBy?: string
}

export interface StartedRun {
  readonly run: ApplyRun<never, never>
  readonly effects: Effect[]
}

/** Most effects a run may have; more belong in several jobs. */
export const MAX_EFFECTS_PER_RUN = 500

/** Builds the run of one execution on top of `call`. Used by both hosts and by the test kit; plugins never call it. */
export function startRun(seed: RunSeed, options: { call: Call; newId: () => string; signal: AbortSignal }): StartedRun {
  const effects: Effect[] = []
  const join = (effect: Effect): void => {
    if (effects.length >= MAX_EFFECTS_PER_RUN) {
      throw new RangeError(`A run may have at most ${MAX_EFFECTS_PER_RUN} effects; enqueue a job for the rest.`)
    }
    effects.push(effect)
  }
  const ask = async (method: string, args: unknown): Promise<never> => {
    options.signal.throwIfAborted()
    return trustKernel(await options.call(method, args))
  }
  const run: ApplyRun<never, never> = {
    id: seed.runId,
    now: seed.now,
    actor: seed.actor,
    settings: trustKernel(seed.settings),
    signal: options.signal,
    proposalId: seed.proposalId ?? '',
    decidedBy: seed.decidedBy ?? '',
    chart: {
      patient: (id) => ask('chart.patient', { id }),
      coverages: (of) => ask('chart.coverages', of),
      coverage: (id) => ask('chart.coverage', { id }),
      episode: (id) => ask('chart.episode', { id }),
      episodes: (of) => ask('chart.episodes', of),
      visit: (id) => ask('chart.visit', { id }),
      visits: (of) => ask('chart.visits', of),
      measurements: (of) => ask('chart.measurements', of),
      goals: (of) => ask('chart.goals', of),
      documents: (of) => ask('chart.documents', of),
      clinic: () => ask('chart.clinic', {}),
    },
    tables: openTables<never>({
      select: (query: RootOperationNode) => ask('own.select', { query }),
      write: (query: RootOperationNode) => join({ kind: 'own.write', query }),
    }),
    newId: options.newId,
    propose(proposal) {
      const id = proposal.id ?? options.newId()
      join({ kind: 'proposal.create', proposal: { ...proposal, id } })
      return id
    },
    withdraw: (key, reason) => join({ kind: 'proposal.withdraw', key, reason }),
    enqueue: (job, input, extra = {}) => join({ kind: 'job.enqueue', job, input, ...extra }),
    emit: (type, refs) => join({ kind: 'event.emit', type, refs }),
    recordMeasurement(measurement) {
      const id = options.newId()
      join({ kind: 'measurement.record', measurement: { ...measurement, id } })
      return id
    },
    createLink(link) {
      const id = options.newId()
      join({ kind: 'link.create', id, ...link })
      return id
    },
    closeLink: (id) => join({ kind: 'link.close', id }),
    deliver(delivery) {
      const id = options.newId()
      join({ kind: 'delivery.send', id, ...delivery })
      return id
    },
    change: (effect) => join(effect),
  }
  return { run, effects }
}

/** The kernel's answers have the shape of the port that was called; this is the one place where that is taken on trust. */
function trustKernel(value: unknown): never {
  return value as never
}
