import type { Refs } from '@gonio/sdk'

import { appendEntries } from '../audit/index.ts'
import { readOnly, transact } from '../db/index.ts'
import type { Tx } from '../db/index.ts'
import type { Viewer } from '../identity/index.ts'
import { causeOf, commitUnit } from '../work/index.ts'
import type { Change } from '../work/index.ts'
import type { ApiDeps } from './trpc.ts'

interface Signed {
  readonly deps: ApiDeps
  readonly viewer: Viewer
}

/** Commits what a person does at the console, in the story of the episode it is about. */
export async function act({ deps, viewer }: Signed, action: string, refs: Refs, changes: readonly Change[]): Promise<void> {
  const cause = await readOnly(deps.db, viewer.organizationId, (tx) => causeOf(tx, deps.clock, viewer, refs))
  await commitUnit(deps, { cause, action, refs, changes, reads: [], ownReads: [], plugin: null, settles: null, decision: null })
}

/** Reads a patient's chart and logs who did, in one transaction (45 CFR 164.312(b)). */
export function readChart<T extends { refs: Refs }>({ deps, viewer }: Signed, procedure: string, read: (tx: Tx) => Promise<T>): Promise<T> {
  return transact(deps.db, viewer.organizationId, async (tx) => {
    const found = await read(tx)
    await appendEntries(
      tx,
      viewer.organizationId,
      [
        {
          actor: { kind: 'staff', id: viewer.staffId },
          action: 'chart.read',
          refs: found.refs,
          correlationId: deps.clock.newId(),
          causationId: null,
          detail: { procedure },
        },
      ],
      deps.clock,
    )
    return found
  })
}

/** Reads what is nobody's chart: lists, settings, the schedule. */
export function read<T>({ deps, viewer }: Signed, work: (tx: Tx) => Promise<T>): Promise<T> {
  return readOnly(deps.db, viewer.organizationId, work)
}
