import { randomUUID } from 'node:crypto'

import type { ChartDocument, Clinic, Coverage, Episode, Goal, Measurement, Patient, Visit } from '../chart.ts'
import type { Effect, JobInput, ProposalDraft } from '../effects.ts'
import { Defect, Refusal } from '../errors.ts'
import type { Refs } from '../events.ts'
import type { Plugin } from '../plugin.ts'
import { startRun } from '../run.ts'
import type { RunActor } from '../run.ts'
import { parseWith } from '../schema.ts'
import { View } from '../view.ts'
import { crossBorder } from '../wire.ts'
import { MemoryTables } from './memory-tables.ts'

/** Chart rows a test starts from; change them between runs as the clinic would. */
export interface TestChart {
  clinic: Clinic
  patients: Patient[]
  coverages: Coverage[]
  episodes: Episode[]
  visits: Visit[]
  measurements: Measurement[]
  goals: Goal[]
  documents: ChartDocument[]
}

export interface RunResult {
  readonly effects: readonly Effect[]
  readonly output: unknown
  readonly proposals: readonly ProposalDraft[]
  readonly events: readonly { readonly type: string; readonly refs: Refs }[]
  readonly jobs: readonly { readonly job: string; readonly input: JobInput }[]
}

export interface TestHost {
  readonly chart: TestChart
  readonly tables: MemoryTables
  now: string
  event(type: string, refs: Refs): Promise<RunResult>
  job(name: string, input: JobInput): Promise<RunResult>
  call(procedure: string, input: unknown, actor?: RunActor): Promise<RunResult>
  /** Approves a proposal: parses the payload with the action's schema and runs its `apply`. */
  apply(proposal: ProposalDraft, payload?: unknown): Promise<RunResult>
}

export const TEST_CLINIC: Clinic = {
  organizationId: '01900000-0000-7000-8000-000000000001',
  name: 'Test clinic',
  timeZone: 'America/New_York',
  locations: [{ id: '01900000-0000-7000-8000-000000000010', name: 'Main street', state: 'NY' }],
  rooms: [
    { id: '01900000-0000-7000-8000-000000000020', locationId: '01900000-0000-7000-8000-000000000010', name: 'Room 1', kind: 'treatment' },
  ],
  staff: [
    {
      id: '01900000-0000-7000-8000-000000000030',
      name: 'Taylor Test, PT',
      roles: ['therapist'],
      licenses: [{ kind: 'PT', state: 'NY', expires: '2031-12-31' }],
      hours: [1, 2, 3, 4, 5].map((day) => ({ day, from: 8 * 60, to: 17 * 60 })),
    },
  ],
}

/**
 * Runs a plugin without a kernel, a database or a network. Every argument and result is forced through the wire format, so a plugin
 * that passes here also runs in a process of its own. A handler that throws leaves no trace, as in the kernel.
 */
export function openTestHost(plugin: Plugin, options: { settings?: unknown; now?: string; chart?: Partial<TestChart> } = {}): TestHost {
  const chart: TestChart = {
    clinic: TEST_CLINIC,
    patients: [],
    coverages: [],
    episodes: [],
    visits: [],
    measurements: [],
    goals: [],
    documents: [],
    ...options.chart,
  }
  const tables = new MemoryTables()
  const host: TestHost = {
    chart,
    tables,
    now: options.now ?? '2026-03-02T15:00:00.000Z',
    event: (type, refs) =>
      execute(
        `event:${type}`,
        { id: randomUUID(), type, occurredAt: host.now, correlationId: randomUUID(), causationId: null, refs },
        { kind: 'system', id: null },
      ),
    job: (name, input) => execute(`job:${name}`, input, { kind: 'system', id: null }),
    async call(name, input, actor = { kind: 'staff', id: chart.clinic.staff[0]?.id ?? null }) {
      const procedure = plugin.procedures.get(name)
      if (procedure === undefined) throw new Defect(`${plugin.id} has no procedure ${name}.`)
      const result = await execute(`procedure:${name}`, await parseWith(procedure.input, crossBorder(input), name), actor)
      const output = await parseWith(procedure.output, result.output, `The output of ${name}`)
      if (plugin.views.some((view) => view.procedure === name)) View.parse(Reflect.get(Object(output), 'view'))
      return { ...result, output }
    },
    async apply(proposal, payload = proposal.payload) {
      const action = plugin.actions.get(proposal.action)
      if (action === undefined) throw new Defect(`${plugin.id} has no action ${proposal.action}.`)
      const parsed = await parseWith(action.payload, crossBorder(payload), proposal.action)
      View.parse(crossBorder(action.summarize(trusted(parsed))))
      const result = await execute(
        `apply:${proposal.action}`,
        parsed,
        { kind: 'staff', id: chart.clinic.staff[0]?.id ?? null },
        proposal.id,
      )
      for (const effect of result.effects) {
        if (!HANDLER_EFFECTS.has(effect.kind) && !action.effects.some((kind) => kind === effect.kind)) {
          throw new Refusal('not-allowed', `${proposal.action} made ${effect.kind}, which it did not declare.`)
        }
      }
      return result
    },
  }

  async function execute(key: string, input: unknown, actor: RunActor, proposalId: string = randomUUID()): Promise<RunResult> {
    const handler = plugin.handlers.get(key)
    if (handler === undefined) throw new Defect(`${plugin.id} has no handler for ${key}.`)
    const settings = await parseWith(plugin.settings, options.settings ?? {}, `The settings of ${plugin.id}`)
    const { run, effects } = startRun(
      { runId: randomUUID(), now: host.now, actor, settings: crossBorder(Object(settings)), proposalId, decidedBy: actor.id ?? '' },
      {
        call: async (method, args) => crossBorder(answer(chart, tables, method, crossBorder(args))),
        newId: () => randomUUID(),
        signal: new AbortController().signal,
      },
    )
    const output = crossBorder(await handler(crossBorder(input), run))
    const crossed = crossBorder(effects)
    for (const effect of crossed) if (effect.kind === 'own.write') tables.write(trusted(effect.query))
    return {
      effects: crossed,
      output,
      proposals: crossed.flatMap((effect) => (effect.kind === 'proposal.create' ? [effect.proposal] : [])),
      events: crossed.flatMap((effect) => (effect.kind === 'event.emit' ? [{ type: effect.type, refs: effect.refs }] : [])),
      jobs: crossed.flatMap((effect) => (effect.kind === 'job.enqueue' ? [{ job: effect.job, input: effect.input }] : [])),
    }
  }
  return host
}

const HANDLER_EFFECTS = new Set<string>([
  'own.write',
  'proposal.create',
  'proposal.withdraw',
  'job.enqueue',
  'event.emit',
  'measurement.record',
  'link.create',
  'link.close',
  'delivery.send',
])

function answer(chart: TestChart, tables: MemoryTables, method: string, args: unknown): unknown {
  const want = Object(args)
  const one = <T extends { id: string }>(rows: readonly T[], noun: string): T => {
    const row = rows.find((candidate) => candidate.id === want.id)
    if (row === undefined) throw new Refusal('not-found', `There is no ${noun} with this id.`)
    return row
  }
  switch (method) {
    case 'chart.patient':
      return one(chart.patients, 'patient')
    case 'chart.coverage':
      return one(chart.coverages, 'coverage')
    case 'chart.episode':
      return one(chart.episodes, 'episode')
    case 'chart.visit':
      return one(chart.visits, 'visit')
    case 'chart.coverages':
      return chart.coverages.filter((row) => row.patientId === want.patientId)
    case 'chart.episodes':
      return chart.episodes.filter((row) => row.patientId === want.patientId)
    case 'chart.visits':
      return chart.visits
        .filter((row) =>
          want.episodeId === undefined ? row.startsAt < want.to && row.endsAt > want.from : row.episodeId === want.episodeId,
        )
        .toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : 1))
    case 'chart.measurements':
      return chart.measurements
        .filter((row) => row.episodeId === want.episodeId && (want.code === undefined || row.code === want.code))
        .toSorted((a, b) => (a.takenAt < b.takenAt ? -1 : 1))
    case 'chart.goals':
      return chart.goals.filter((row) => row.episodeId === want.episodeId)
    case 'chart.documents':
      return chart.documents.filter((row) => row.episodeId === want.episodeId)
    case 'chart.clinic':
      return chart.clinic
    case 'own.select':
      return tables.select(want.query)
    default:
      throw new Defect(`The test host does not know ${method}.`)
  }
}

/** Parsed a line above, or made by startRun: the type is known, the compiler cannot see it. */
function trusted(value: unknown): never {
  return value as never
}
