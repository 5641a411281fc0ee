import { join } from 'node:path'

import type { Plugin } from '@gonio/sdk'
import { Effect as Fx, Exit, Schedule, Scope } from 'effect'

import { createApiCaller } from './api/index.ts'
import type { ApiCaller, ApiDeps } from './api/index.ts'
import { dueToExpire } from './approvals/index.ts'
import { AnchorFolder, loadSigningKey, sealEntries, verifyAudit } from './audit/index.ts'
import type { AuditReport, SigningKey } from './audit/index.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { appUrlOf, databaseNameOf, migrate, openDb, openPool, readOnly, rolesOf } from './db/index.ts'
import type { Db } from './db/index.ts'
import { sendDue } from './deliveries/index.ts'
import type { DeliveryTarget } from './deliveries/index.ts'
import { forgetOldSignIns } from './identity/index.ts'
import type { SignInDeps, Viewer } from './identity/index.ts'
import { openJobs, openSignals, WAKE_CHANNEL } from './jobs/index.ts'
import type { Jobs } from './jobs/index.ts'
import { openModels } from './models/index.ts'
import type { Models, ModelsDeps } from './models/index.ts'
import { inProcessHost, Reader, Registry, syncPluginSchemas, workQueue } from './plugins/index.ts'
import type { Host, WorkerDeps } from './plugins/index.ts'
import { CommitGroup, commitUnits, LIVE_CHANNEL } from './work/index.ts'
import type { CommitDeps } from './work/index.ts'

export interface KernelOptions {
  /** A role that may create roles; the kernel itself runs as the application role. */
  readonly adminUrl: string
  readonly secret: string
  /** Folder of the key that signs audit checkpoints. */
  readonly secretsDir: string
  readonly plugins: readonly Plugin[]
  readonly role?: 'all' | 'api' | 'worker'
  readonly clock?: Clock
  /** Language models, by organization. Without it there are none, and everything works without one. */
  readonly models?: Pick<ModelsDeps, 'settingsFor' | 'allowedHosts'>
  /** Where the handlers of a plugin run, e.g. an `isolatedHost`; whoever opens such a host stops it. Default: in this process. */
  readonly hostFor?: (pluginId: string) => Host | undefined
  readonly deliveryTargets?: readonly DeliveryTarget[]
  /** The only process on this database: jobs that a crashed predecessor left active are taken back at once. */
  readonly alone?: boolean
  readonly leaseSeconds?: number
  readonly poolSize?: number
  readonly onProgress?: (line: string) => void
  /** Reports of bugs and failures: ids, codes and names only. */
  readonly onReport?: (report: { kind: 'defect' | 'job-failed' | 'database'; text: string; error?: unknown }) => void
}

export interface Kernel {
  readonly db: Db
  readonly clock: Clock
  readonly registry: Registry
  readonly jobs: Jobs
  readonly api: ApiDeps
  readonly signIn: SignInDeps
  readonly models: Models
  readonly publicKey: Buffer
  callerFor(viewer: Viewer | null): ApiCaller
  organizations(): Promise<readonly string[]>
  /** Seals what is committed, now. */
  seal(organizationId: string): Promise<void>
  verify(organizationId: string): Promise<AuditReport>
  stop(): Promise<void>
}

const SEAL_EVERY = '2 seconds'
const HOUSEKEEPING_EVERY = '20 seconds'

/** Opens everything in order, each closed in reverse when the kernel stops. The one composition root. */
export async function openKernel(options: KernelOptions): Promise<Kernel> {
  const scope = await Fx.runPromise(Scope.make())
  const close = (): Promise<void> => Fx.runPromise(Scope.close(scope, Exit.void))
  try {
    const kernel = await Fx.runPromise(Fx.provideService(compose(options), Scope.Scope, scope))
    let stopping: Promise<void> | undefined
    return { ...kernel, stop: () => (stopping ??= close()) }
  } catch (error) {
    await close()
    throw error
  }
}

function compose(options: KernelOptions): Fx.Effect<Omit<Kernel, 'stop'>, unknown, Scope.Scope> {
  return Fx.gen(function* () {
    const clock = options.clock ?? systemClock
    const say = options.onProgress ?? (() => {})
    const report = options.onReport ?? (() => {})
    const role = options.role ?? 'all'

    const { applied } = yield* promise(() => migrate(options.adminUrl, options.secret))
    if (applied.length > 0) say(`Database schema brought up to date (${applied.length} step${applied.length === 1 ? '' : 's'})`)
    yield* promise(() => syncPluginSchemas(options.adminUrl, options.plugins))

    const url = appUrlOf(options.adminUrl, options.secret)
    const pool = openPool(url, options.poolSize ?? 20)
    const db = yield* Fx.acquireRelease(
      Fx.sync(() => openDb(pool)),
      (opened) => Fx.promise(() => opened.destroy()),
    )
    const onError = (error: Error): void => report({ kind: 'database', text: error.name })
    const leaseSeconds = options.leaseSeconds
    const jobs = yield* Fx.acquireRelease(
      promise(() => openJobs({ url, db, onError, ...(leaseSeconds === undefined ? {} : { leaseSeconds }) })),
      (opened) => Fx.promise(() => opened.stop()),
    )
    const signals = yield* Fx.acquireRelease(
      promise(() => openSignals(url, [WAKE_CHANNEL, LIVE_CHANNEL])),
      (opened) => Fx.promise(() => opened.close()),
    )
    const key = yield* promise(() => loadSigningKey(options.secretsDir))

    const registry = new Registry(options.plugins, { db, clock, roles: rolesOf(databaseNameOf(options.adminUrl)) })
    for (const plugin of options.plugins) yield* promise(() => jobs.ensureQueue(plugin.id))
    if (options.alone === true) for (const plugin of options.plugins) yield* promise(() => jobs.reclaim(plugin.id))

    const commit = { db, clock, jobs, directory: registry }
    const here = inProcessHost(clock.newId)
    const work: WorkerDeps = {
      ...commit,
      signals,
      registry,
      reader: new Reader(db, registry),
      host: { execute: (execution) => (options.hostFor?.(execution.plugin.id) ?? here).execute(execution) },
      group: new CommitGroup(commit),
      onFailure: (failure) =>
        report({
          kind: 'job-failed',
          text: `${failure.handler} of ${failure.plugin}: ${failure.code}${failure.final ? ' (given up)' : ''}`,
          error: failure.error,
        }),
    }
    const organizations = async (): Promise<readonly string[]> =>
      (await db.selectFrom('kernel.tenant').select('id').orderBy('id').limit(10_000).execute()).map((row) => row.id)
    const anchors = new AnchorFolder(join(options.secretsDir, 'anchors'))
    const seal = async (organizationId: string): Promise<void> => {
      const checkpoint = await sealEntries(db, organizationId, key, clock)
      if (checkpoint !== null) await anchors.keep(organizationId, checkpoint.note)
    }
    const verify = async (organizationId: string): Promise<AuditReport> =>
      verifyAudit(db, organizationId, key.publicKey, { anchors: await anchors.of(organizationId) })
    const signIn: SignInDeps = { db, clock, secret: options.secret }

    if (role !== 'api') {
      for (const plugin of options.plugins) yield* Fx.forkScoped(workQueue(work, plugin.id))
      const targets = new Map((options.deliveryTargets ?? []).map((target) => [target.name, target]))
      yield* forEachOrganization(organizations, SEAL_EVERY, seal, onError)
      yield* forEachOrganization(organizations, SEAL_EVERY, async (id) => void (await sendDue({ db, clock, targets }, id)), onError)
      yield* forEachOrganization(organizations, HOUSEKEEPING_EVERY, (id) => expire(commit, id), onError)
      yield* Fx.forkScoped(Fx.tryPromise(() => forgetOldSignIns(signIn)).pipe(Fx.ignore, Fx.repeat(Schedule.spaced('1 hour'))))
    }

    const models = openModels({ db, clock, settingsFor: async () => ({ provider: 'none' }), ...options.models })
    const api: ApiDeps = {
      ...work,
      secret: options.secret,
      operate: { maxLiveStreams: 500 },
      audit: {
        async verify(organizationId) {
          await seal(organizationId)
          return verify(organizationId)
        },
      },
      onDefect: (defect) => report({ kind: 'defect', text: `${defect.id} in ${defect.path}`, error: defect.error }),
    }
    return {
      db,
      clock,
      registry,
      jobs,
      api,
      signIn,
      models,
      publicKey: publicKeyOf(key),
      organizations,
      seal,
      verify,
      callerFor: (viewer: Viewer | null) => createApiCaller({ deps: api, viewer }),
    }
  })
}

/** A promise inside the composition: its rejection is kept as it is, a refusal stays a refusal. */
function promise<T>(run: () => Promise<T>): Fx.Effect<T, unknown> {
  return Fx.tryPromise({ try: run, catch: (error) => error })
}

/** Does a task for each organization again and again; one that fails is reported and does not stop the next. */
function forEachOrganization(
  organizations: () => Promise<readonly string[]>,
  every: '2 seconds' | '20 seconds',
  task: (id: string) => Promise<void>,
  onError: (error: Error) => void,
) {
  const round = Fx.tryPromise(async () => {
    for (const id of await organizations()) await task(id)
  }).pipe(Fx.catchCause((cause) => Fx.sync(() => onError(new Error(`background task: ${cause.reasons[0]?._tag ?? 'failure'}`)))))
  return Fx.forkScoped(Fx.repeat(round, Schedule.spaced(every)))
}

/** Past their time, proposals are closed without effect. Another process may be first: then there is nothing left to do. */
async function expire(deps: CommitDeps, organizationId: string): Promise<void> {
  const due = await readOnly(deps.db, organizationId, (tx) => dueToExpire(tx, deps.clock.now().toISOString()))
  await commitUnits(
    deps,
    due.map((proposal) => ({
      cause: {
        organizationId,
        actor: { kind: 'system', id: null },
        correlationId: proposal.correlationId,
        causationId: proposal.id,
        depth: proposal.depth,
        behindStaff: null,
      },
      action: 'proposal.close',
      refs: { ...proposal.refs, proposalId: proposal.id },
      changes: [{ kind: 'proposal.settle', id: proposal.id, state: 'expired' }],
      reads: [],
      ownReads: [],
      plugin: null,
      settles: null,
      decision: null,
    })),
  )
}

function publicKeyOf(key: SigningKey): Buffer {
  return Buffer.from(key.publicKey)
}
