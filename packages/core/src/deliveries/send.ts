import { appendEntries } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import { transact } from '../db/index.ts'
import type { Db, Tx } from '../db/index.ts'

/** An outside system. `send` gets the idempotency key; `honorsKey` says whether sending twice with one key is harmless there. */
export interface DeliveryTarget {
  readonly name: string
  readonly honorsKey: boolean
  send(delivery: { key: string; body: unknown; signal: AbortSignal }): Promise<unknown>
}

export interface SendDeps {
  readonly db: Db
  readonly clock: Clock
  readonly targets: ReadonlyMap<string, DeliveryTarget>
}

const MAX_ATTEMPTS = 6
const SEND_TIMEOUT_MS = 30_000
/** A delivery that is "sending" for longer than this was left by a process that died. */
const ABANDONED_MS = 120_000

/**
 * Sends what is due in one organization, oldest first, at most 20. Each goes queued → sending (committed) → sent. A process that dies in
 * between leaves `sending`; the next round retries it only where the target honors the key, else marks it in doubt for a person.
 *
 * @returns how many were sent
 */
export async function sendDue(deps: SendDeps, organizationId: string): Promise<number> {
  await settleAbandoned(deps, organizationId)
  let sent = 0
  for (let round = 0; round < 20; round++) {
    const next = await transact(deps.db, organizationId, (tx) => claimNext(tx, deps))
    if (next === null) return sent
    const target = deps.targets.get(next.target)
    let outcome: { state: 'sent' | 'queued' | 'failed' | 'in-doubt'; answer?: unknown; error?: string }
    if (target === undefined) outcome = { state: 'failed', error: 'no-such-target' }
    else {
      try {
        outcome = {
          state: 'sent',
          answer: await target.send({ key: next.idempotencyKey, body: next.body, signal: AbortSignal.timeout(SEND_TIMEOUT_MS) }),
        }
        sent += 1
      } catch {
        const state = !target.honorsKey ? 'in-doubt' : next.attempts < MAX_ATTEMPTS ? 'queued' : 'failed'
        outcome = { state, error: 'target-failed' }
      }
    }
    await transact(deps.db, organizationId, (tx) => record(tx, deps, organizationId, { ...next, ...outcome }))
    if (outcome.state === 'queued') return sent
  }
  return sent
}

async function claimNext(tx: Tx, deps: SendDeps) {
  const row = await tx
    .selectFrom('kernel.delivery')
    .select(['id', 'target', 'idempotencyKey', 'body', 'refs', 'attempts', 'correlationId', 'organizationId'])
    .where('state', '=', 'queued')
    .orderBy('createdAt')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (row === undefined) return null
  const attempts = row.attempts + 1
  await tx
    .updateTable('kernel.delivery')
    .set({ state: 'sending', attempts, sentAt: deps.clock.now().toISOString() })
    .where('id', '=', row.id)
    .execute()
  await note(tx, deps, row, 'delivery.send')
  return { ...row, attempts }
}

async function record(
  tx: Tx,
  deps: SendDeps,
  organizationId: string,
  done: {
    id: string
    refs: object
    correlationId: string
    state: 'sent' | 'queued' | 'failed' | 'in-doubt'
    answer?: unknown
    error?: string
  },
): Promise<void> {
  await tx
    .updateTable('kernel.delivery')
    .set({ state: done.state, answer: done.answer === undefined ? null : JSON.stringify(done.answer), error: done.error ?? null })
    .where('id', '=', done.id)
    .where('state', '=', 'sending')
    .execute()
  await note(tx, deps, { ...done, organizationId }, `delivery.${done.state}`)
}

async function settleAbandoned(deps: SendDeps, organizationId: string): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - ABANDONED_MS).toISOString()
  await transact(deps.db, organizationId, async (tx) => {
    const rows = await tx
      .selectFrom('kernel.delivery')
      .select(['id', 'target', 'refs', 'correlationId', 'organizationId'])
      .where('state', '=', 'sending')
      .where('sentAt', '<', before)
      .limit(100)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const row of rows) {
      const state = deps.targets.get(row.target)?.honorsKey === true ? 'queued' : 'in-doubt'
      await tx.updateTable('kernel.delivery').set({ state, error: 'process-lost' }).where('id', '=', row.id).execute()
      await note(tx, deps, row, `delivery.${state}`)
    }
  })
}

async function note(
  tx: Tx,
  deps: SendDeps,
  row: { id: string; refs: object; correlationId: string; organizationId: string },
  action: string,
): Promise<void> {
  await appendEntries(
    tx,
    row.organizationId,
    [
      {
        actor: { kind: 'system', id: null },
        action,
        refs: { ...row.refs, deliveryId: row.id },
        correlationId: row.correlationId,
        causationId: null,
      },
    ],
    deps.clock,
  )
}
