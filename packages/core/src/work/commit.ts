import { Defect, Refusal } from '@gonio/sdk'
import type { Effect } from '@gonio/sdk'

import { createProposal, lockAndCompare, moveProposal, readProposal, recordDecision, settleByKey } from '../approvals/index.ts'
import { applyChange } from '../chart/index.ts'
import type { ChangeContext } from '../chart/index.ts'
import type { Clock } from '../clock.ts'
import { refusalOfDatabase, transact } from '../db/index.ts'
import type { Db, Tx } from '../db/index.ts'
import { queueDelivery } from '../deliveries/index.ts'
import { closeLink, createLink } from '../identity/index.ts'
import { assertPlainInput } from '../jobs/index.ts'
import type { Jobs } from '../jobs/index.ts'
import { Ledger } from './ledger.ts'
import { writeOwnData } from './own-data.ts'
import { ClaimLost, LISTENER_ATTEMPTS, MovedFacts } from './unit.ts'
import type { PluginDirectory, Unit } from './unit.ts'

export interface CommitDeps {
  readonly db: Db
  readonly clock: Clock
  readonly jobs: Jobs
  readonly directory: PluginDirectory
}

/**
 * Commits one unit: its facts still hold, its job is still ours, then rows, audit entries, events, follow-up jobs and the completion of
 * the job, in one transaction.
 *
 * @throws MovedFacts | ClaimLost | Refusal; then nothing was written
 */
export async function commitUnit(deps: CommitDeps, unit: Unit): Promise<void> {
  const [outcome] = await commitUnits(deps, [unit])
  if (outcome instanceof Error) throw outcome
}

/**
 * Commits several finished units of one organization in one transaction. A unit whose facts moved or whose job was lost is left out; if any
 * other unit is refused, each is committed alone, so that none fails for its neighbor.
 *
 * @returns for each unit null, or the error that voided it
 */
export async function commitUnits(deps: CommitDeps, units: readonly Unit[]): Promise<readonly (Error | null)[]> {
  const organizationId = units[0]?.cause.organizationId
  if (organizationId === undefined) return []
  if (units.some((unit) => unit.cause.organizationId !== organizationId)) throw new Defect('A group commit belongs to one organization.')
  try {
    return await transact(deps.db, organizationId, (tx) => writeGroup(tx, deps, organizationId, units))
  } catch (error) {
    if (units.length === 1) return [asError(error)]
    const outcomes: (Error | null)[] = []
    for (const unit of units) outcomes.push(...(await commitUnits(deps, [unit])))
    return outcomes
  }
}

async function writeGroup(tx: Tx, deps: CommitDeps, organizationId: string, units: readonly Unit[]): Promise<readonly (Error | null)[]> {
  const outcomes = new Map<Unit, Error>()
  const moved = new Set(
    await lockAndCompare(
      tx,
      units.flatMap((unit) => unit.reads),
    ),
  )
  const ledger = new Ledger(deps.clock, deps.directory)
  const standing: Unit[] = []
  for (const unit of units) {
    // `moved` also grows with what earlier units of this group change, so a group is as strict as one commit after the other.
    const fact = unit.reads.find((read) => moved.has(`${read.noun}:${read.id}`))
    if (fact !== undefined) outcomes.set(unit, new MovedFacts(`${fact.noun} ${fact.id}`))
    else {
      for (const row of await writeUnit(tx, deps, ledger, unit)) moved.add(row)
      standing.push(unit)
    }
  }
  if (standing.length > 0) {
    await writeOwnData(tx, deps.directory, standing)
    await settle(tx, deps.jobs, standing)
    await ledger.write(tx, organizationId, deps.jobs)
  }
  return units.map((unit) => outcomes.get(unit) ?? null)
}

/** @throws ClaimLost when any job is no longer ours: then the group falls apart and only that unit is void */
async function settle(tx: Tx, jobs: Jobs, units: readonly Unit[]): Promise<void> {
  const byQueue = Map.groupBy(
    units.flatMap((unit) => (unit.settles === null ? [] : [unit.settles])),
    (job) => job.queue,
  )
  for (const [queue, members] of byQueue) {
    const settled = await jobs.complete(tx, queue, members)
    const lost = members.find((job) => !settled.has(job.id))
    if (lost !== undefined) throw new ClaimLost(lost.id)
  }
}

/** @returns the chart rows it changed, as `<noun>:<id>` */
async function writeUnit(tx: Tx, deps: CommitDeps, ledger: Ledger, unit: Unit): Promise<readonly string[]> {
  const touched: string[] = []
  const { cause } = unit
  const now = deps.clock.now().toISOString()
  const emittedBy =
    unit.plugin === null ? `${cause.actor.kind}${cause.actor.id === null ? '' : `:${cause.actor.id}`}` : `plugin:${unit.plugin.id}`
  const context: ChangeContext = { organizationId: cause.organizationId, now, newId: deps.clock.newId, actor: cause.actor }
  // A measurement that came through a plugin keeps the plugin as its source, also when a person approved it; a signature is the person's own.
  const recorder: ChangeContext = unit.plugin === null ? context : { ...context, actor: { kind: 'plugin', id: unit.plugin.id } }
  const note = (action: string, refs: Unit['refs'], detail?: Unit['detail']): void =>
    ledger.audit({
      actor: cause.actor,
      action,
      refs,
      correlationId: cause.correlationId,
      causationId: cause.causationId,
      detail: { ...detail, ...(unit.plugin === null ? {} : { plugin: unit.plugin.id, handler: unit.plugin.handler }) },
    })
  if (unit.decision !== null) await writeDecision(tx, ledger, unit, `staff:${unit.decision.staffId}`)
  note(unit.action, unit.refs, { ...unit.detail, effects: unit.changes.length })
  for (const change of unit.changes) {
    switch (change.kind) {
      case 'own.write':
        break
      case 'proposal.settle': {
        await moveProposal(tx, change.id, change.state)
        note(`proposal.${change.state}`, unit.refs)
        await ledger.event(`proposal.${change.state}`, { ...unit.refs, proposalId: change.id }, cause, emittedBy)
        break
      }
      case 'handler.rerun':
        ledger.job({
          data: {
            organizationId: cause.organizationId,
            plugin: change.plugin,
            handler: change.handler,
            input: Object(change.input),
            refs: change.refs,
            correlationId: cause.correlationId,
            causationId: cause.causationId,
            depth: cause.depth,
            behindStaff: cause.behindStaff,
            attempts: LISTENER_ATTEMPTS,
          },
        })
        break
      case 'proposal.create':
      case 'proposal.withdraw':
      case 'job.enqueue':
      case 'event.emit':
      case 'link.create':
      case 'link.close':
      case 'delivery.send':
        await writeEffect(tx, { ledger, unit, deps, now, emittedBy, note }, change)
        break
      default: {
        const changed = await applyChange(tx, change.kind === 'measurement.record' ? recorder : context, change)
        touched.push(...rowsTouched(change.kind, changed.refs))
        note(change.kind, changed.refs)
        for (const event of changed.events) await ledger.event(event.type, event.refs, cause, emittedBy)
      }
    }
  }
  return touched
}

/** Which versions a change raises. A measurement raises its visit's; completing an evaluation may raise its episode's. */
function rowsTouched(kind: string, refs: Unit['refs']): readonly string[] {
  const noun = kind.split('.')[0] ?? ''
  const ids: Readonly<Record<string, string | undefined>> = {
    patient: refs.patientId,
    coverage: refs.coverageId,
    episode: refs.episodeId,
    goal: refs.goalId,
    document: refs.documentId,
    visit: refs.visitId,
    measurement: refs.visitId,
  }
  const id = ids[noun]
  const rows = id === undefined ? [] : [`${noun === 'measurement' ? 'visit' : noun}:${id}`]
  return kind === 'visit.complete' && refs.episodeId !== undefined ? [...rows, `episode:${refs.episodeId}`] : rows
}

interface Writing {
  readonly ledger: Ledger
  readonly unit: Unit
  readonly deps: CommitDeps
  readonly now: string
  readonly emittedBy: string
  note(action: string, refs: Unit['refs'], detail?: Unit['detail']): void
}
type KernelEffect = Extract<
  Effect,
  { kind: 'proposal.create' | 'proposal.withdraw' | 'job.enqueue' | 'event.emit' | 'link.create' | 'link.close' | 'delivery.send' }
>

async function writeEffect(tx: Tx, writing: Writing, effect: KernelEffect): Promise<void> {
  const { ledger, unit, deps, now } = writing
  const { cause, plugin } = unit
  if (plugin === null) throw new Defect(`${effect.kind} without a plugin`)
  switch (effect.kind) {
    case 'proposal.create': {
      const { proposal } = effect
      const action = deps.directory.actionOf(proposal.action)
      if (action === null) throw new Refusal('plugin-failed', `Nobody offers the action ${proposal.action}. Install the plugin that does.`)
      const facts =
        proposal.basedOn === undefined ? unit.reads : unit.reads.filter((fact) => proposal.basedOn?.includes(`${fact.noun}:${fact.id}`))
      await createProposal(tx, proposal, {
        organizationId: cause.organizationId,
        plugin: plugin.id,
        now,
        expiresAfterHours: action.expiresAfterHours,
        facts,
        handler: plugin.handler,
        input: plugin.input,
        behindStaff: cause.behindStaff,
        correlationId: cause.correlationId,
        causationId: cause.causationId,
        depth: cause.depth,
      })
      const refs = { ...proposal.refs, proposalId: proposal.id }
      writing.note('proposal.create', refs, { action: proposal.action })
      await ledger.event('proposal.created', refs, cause, writing.emittedBy)
      break
    }
    case 'proposal.withdraw':
      for (const id of await settleByKey(tx, { plugin: plugin.id, key: effect.key, state: 'withdrawn' }))
        writing.note('proposal.withdraw', { proposalId: id })
      break
    case 'job.enqueue': {
      const job = deps.directory.jobOf(plugin.id, effect.job)
      if (job === null) throw new Refusal('plugin-failed', `Plugin ${plugin.id} has no job ${effect.job}.`)
      assertPlainInput(effect.input)
      ledger.job({
        key: effect.key,
        afterSeconds: effect.afterSeconds,
        leaseSeconds: job.leaseSeconds,
        data: {
          organizationId: cause.organizationId,
          plugin: plugin.id,
          handler: `job:${effect.job}`,
          input: effect.input,
          refs: unit.refs,
          correlationId: cause.correlationId,
          causationId: cause.causationId,
          depth: cause.depth,
          behindStaff: cause.behindStaff,
          attempts: job.attempts,
        },
      })
      break
    }
    case 'event.emit':
      await ledger.event(effect.type, { ...unit.refs, ...effect.refs }, cause, writing.emittedBy)
      break
    case 'link.create': {
      const { id, procedures, subject, expiresInHours, language = 'en', title = plugin.id } = effect
      await createLink(
        tx,
        deps.clock,
        cause.organizationId,
        { id, procedures, subject, expiresInHours, language, title, plugin: plugin.id },
        cause,
      )
      await tx.updateTable('kernel.link').set({ correlationId: cause.correlationId }).where('id', '=', id).execute()
      break
    }
    case 'link.close':
      await assertOwnLink(tx, plugin.id, effect.id)
      await closeLink(tx, deps.clock, { organizationId: cause.organizationId, linkId: effect.id }, cause)
      break
    case 'delivery.send':
      await queueDelivery(tx, {
        ...effect,
        organizationId: cause.organizationId,
        plugin: plugin.id,
        now,
        correlationId: cause.correlationId,
        causationId: cause.causationId,
      })
      writing.note('delivery.queue', { ...effect.refs, deliveryId: effect.id }, { target: effect.target })
  }
}

/** A plugin closes the links it made; those of another plugin are not there for it. */
async function assertOwnLink(tx: Tx, plugin: string, id: string): Promise<void> {
  const link = await tx.selectFrom('kernel.link').select('plugin').where('id', '=', id).executeTakeFirst()
  if (link?.plugin !== plugin) throw new Refusal('not-found', `Plugin ${plugin} has no such link.`)
}

/** The decision, in the same transaction as what it sets off. The row lock makes a second click wait, then see that it is late. */
async function writeDecision(tx: Tx, ledger: Ledger, unit: Unit, emittedBy: string): Promise<void> {
  const { decision } = unit
  if (decision === null) return
  const proposal = await readProposal(tx, decision.proposalId, { lock: true })
  if (proposal.state !== 'pending') throw new Refusal('already-decided', 'This proposal was decided a moment ago. Reload to see how.')
  if (decision.verdict === 'approve' && proposal.expiresAt <= decision.now)
    throw new Refusal('expired', 'This proposal has expired. Propose it again.')
  await moveProposal(tx, proposal.id, decision.verdict === 'approve' ? 'approved' : 'rejected')
  await recordDecision(tx, decision)
  const refs = { ...proposal.refs, proposalId: proposal.id }
  await ledger.event('proposal.decided', refs, unit.cause, emittedBy)
  if (decision.verdict === 'approve') await ledger.event('proposal.applied', refs, unit.cause, emittedBy)
}

function asError(error: unknown): Error {
  if (!(error instanceof Error)) return new Defect('Something that is not an error was thrown.')
  return refusalOfDatabase(error) ?? error
}
