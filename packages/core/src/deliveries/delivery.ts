import { Refusal } from '@gonio/sdk'
import type { Refs } from '@gonio/sdk'
import type { ColumnType, Generated } from 'kysely'

import type { Tx } from '../db/index.ts'

export interface DeliveryTable {
  id: string
  organizationId: string
  version: Generated<number>
  plugin: string
  target: string
  idempotencyKey: string
  body: ColumnType<unknown, string, string>
  refs: ColumnType<Refs, string, string>
  state: 'queued' | 'sending' | 'sent' | 'in-doubt' | 'failed'
  attempts: Generated<number>
  answer: ColumnType<unknown, string | null | undefined, string | null>
  error: ColumnType<string | null, string | null | undefined, string | null>
  createdAt: string
  sentAt: ColumnType<string | null, string | null | undefined, string | null>
  correlationId: string
  causationId: string | null
}

declare module '../db/database.ts' {
  interface Database {
    'kernel.delivery': DeliveryTable
  }
}

export interface NewDelivery {
  readonly id: string
  readonly organizationId: string
  readonly plugin: string
  readonly target: string
  readonly key: string
  readonly body: unknown
  readonly refs: Refs
  readonly now: string
  readonly correlationId: string
  readonly causationId: string | null
}

const MAX_BODY_BYTES = 2_000_000

/** Writes the row in the caller's transaction. The same target and key a second time is the same delivery: nothing is added. */
export async function queueDelivery(tx: Tx, delivery: NewDelivery): Promise<void> {
  const body = JSON.stringify(delivery.body ?? null)
  if (body.length > MAX_BODY_BYTES) throw new Refusal('too-large', 'A delivery may hold at most 2 MB.')
  if (!/^[\w.:@/+-]{1,200}$/.test(delivery.key))
    throw new Refusal('invalid-input', 'An idempotency key has 1 to 200 letters, digits or .:@/+-_')
  await tx
    .insertInto('kernel.delivery')
    .values({
      id: delivery.id,
      organizationId: delivery.organizationId,
      plugin: delivery.plugin,
      target: delivery.target,
      idempotencyKey: delivery.key,
      body,
      refs: JSON.stringify(delivery.refs),
      state: 'queued',
      createdAt: delivery.now,
      correlationId: delivery.correlationId,
      causationId: delivery.causationId,
    })
    .onConflict((conflict) => conflict.columns(['organizationId', 'target', 'idempotencyKey']).doNothing())
    .execute()
}
