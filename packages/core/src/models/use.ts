import type { Refs } from '@gonio/sdk'

import { appendEntries } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import { transact } from '../db/index.ts'
import type { Db } from '../db/index.ts'
import type { Outcome } from './tables.ts'

export interface ModelUse {
  readonly organizationId: string
  readonly plugin: string
  readonly task: string
  readonly model: string
  readonly inputHash: string
  readonly outputHash: string | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly outcome: Outcome
  /** A code such as `timed-out` or `http-500`. */
  readonly reason: string
  /** Requests that were sent; 0 = refused before, or answered from the memo. */
  readonly asked: number
  readonly refs: Refs
  readonly correlationId: string
  readonly causationId: string | null
}

/** One row and its audit entry. The entry holds no hash: a log that is exported must not let short inputs be guessed. */
export async function recordUse(deps: { readonly db: Db; readonly clock: Clock }, use: ModelUse): Promise<void> {
  const id = deps.clock.newId()
  const { organizationId, plugin, task, model, outcome, inputTokens, outputTokens } = use
  await transact(deps.db, organizationId, async (tx) => {
    await tx
      .insertInto('kernel.model_use')
      .values({
        id,
        organizationId,
        plugin,
        task,
        provider: `openai-compatible:${model}`,
        inputHash: use.inputHash,
        outputHash: use.outputHash,
        inputTokens,
        outputTokens,
        outcome,
        usedAt: deps.clock.now().toISOString(),
      })
      .execute()
    await appendEntries(
      tx,
      organizationId,
      [
        {
          actor: { kind: 'plugin', id: plugin },
          action: 'model.use',
          refs: use.refs,
          correlationId: use.correlationId,
          causationId: use.causationId,
          detail: { useId: id, task, model, outcome, reason: use.reason, asked: use.asked, inputTokens, outputTokens },
        },
      ],
      deps.clock,
    )
  })
}
