import { Refusal } from '@gonio/sdk'
import type { Refs } from '@gonio/sdk'

import { isUuid } from '../db/index.ts'
import type { Tx } from '../db/index.ts'
import type { ActorKind, Detail } from './tables.ts'

export interface ListOptions {
  /** Everything that touched one patient: the access report. */
  readonly patientId?: string
  /** One story from its trigger on. */
  readonly correlationId?: string
  readonly actor?: { readonly kind: ActorKind; readonly id: string | null }
  readonly action?: string
  /** ISO instants; `from` included, `until` not. */
  readonly from?: string
  readonly until?: string
  /** The id of the last entry of the page before. */
  readonly before?: string
  /** 1 to 500; 100 without it. */
  readonly limit?: number
}

export interface ListedEntry {
  readonly id: string
  readonly occurredAt: string
  readonly actor: { readonly kind: ActorKind; readonly id: string | null }
  readonly action: string
  readonly refs: Refs
  readonly correlationId: string
  readonly causationId: string | null
  readonly detail: Detail
  /** Its place in the sealed log; null until the next seal. */
  readonly seq: number | null
}

const MAX_LIMIT = 500

/** Entries, newest first. */
export async function listEntries(tx: Tx, organizationId: string, options: ListOptions = {}): Promise<readonly ListedEntry[]> {
  checkOptions(options)
  const { patientId, correlationId, actor, action, from, until, before } = options
  const rows = await tx
    .selectFrom('audit.entry as e')
    .leftJoin('audit.sealed as s', (join) => join.onRef('s.organizationId', '=', 'e.organizationId').onRef('s.entryId', '=', 'e.id'))
    .select([
      'e.id',
      'e.occurredAt',
      'e.actorKind',
      'e.actorId',
      'e.action',
      'e.refs',
      'e.correlationId',
      'e.causationId',
      'e.detail',
      's.seq',
    ])
    .where('e.organizationId', '=', organizationId)
    .$if(patientId !== undefined, (query) => query.where('e.patientId', '=', patientId ?? ''))
    .$if(correlationId !== undefined, (query) => query.where('e.correlationId', '=', correlationId ?? ''))
    .$if(actor !== undefined, (query) =>
      query.where('e.actorKind', '=', actor?.kind ?? 'system').where('e.actorId', 'is not distinct from', actor?.id ?? null),
    )
    .$if(action !== undefined, (query) => query.where('e.action', '=', action ?? ''))
    .$if(from !== undefined, (query) => query.where('e.occurredAt', '>=', from ?? ''))
    .$if(until !== undefined, (query) => query.where('e.occurredAt', '<', until ?? ''))
    .$if(before !== undefined, (query) => query.where('e.id', '<', before ?? ''))
    .orderBy('e.id', 'desc')
    .limit(options.limit ?? 100)
    .execute()
  return rows.map(({ actorKind, actorId, ...row }) => ({ ...row, actor: { kind: actorKind, id: actorId } }))
}

function checkOptions(options: ListOptions): void {
  for (const name of ['patientId', 'correlationId', 'before'] as const) {
    if (options[name] !== undefined && !isUuid(options[name])) throw new Refusal('invalid-input', `${name} must be an id.`, { field: name })
  }
  for (const name of ['from', 'until'] as const) {
    if (options[name] !== undefined && Number.isNaN(Date.parse(options[name])))
      throw new Refusal('invalid-input', `${name} must be an ISO date and time.`, { field: name })
  }
  const limit = options.limit ?? 100
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new Refusal('invalid-input', `limit must be from 1 to ${MAX_LIMIT}.`, { field: 'limit' })
}
