import { commitUnits } from './commit.ts'
import type { CommitDeps } from './commit.ts'
import type { Unit } from './unit.ts'

/** Units in one transaction. Larger groups gain little and hold row locks longer. */
const MAX_GROUP = 64
/** Units that may wait; past it submitters wait too, which slows fetching down. */
const MAX_WAITING = 2_000

/** Transactions under way for one organization: while one waits for the disk the next is being written. */
const LANES = 2

interface Waiting {
  readonly unit: Unit
  settle(outcome: Error | null): void
}

/**
 * Group commit: while one transaction is under way, finished units gather; the next one takes them all. Few at a time for each
 * organization, so that units of one clinic rarely wait for each other's row locks.
 */
export class CommitGroup {
  readonly #deps: CommitDeps
  readonly #lanes = new Map<string, { waiting: Waiting[]; running: number }>()

  constructor(deps: CommitDeps) {
    this.#deps = deps
  }

  /** @throws what voided the unit; then nothing of it was written */
  submit(unit: Unit): Promise<void> {
    const { organizationId } = unit.cause
    const lane = this.#lanes.get(organizationId) ?? { waiting: [], running: 0 }
    this.#lanes.set(organizationId, lane)
    if (lane.waiting.length >= MAX_WAITING) return Promise.reject(new Error('The commit queue is full.'))
    return new Promise((resolve, reject) => {
      lane.waiting.push({ unit, settle: (outcome) => (outcome === null ? resolve() : reject(outcome)) })
      if (lane.running < LANES) void this.#drain(organizationId, lane)
    })
  }

  async #drain(organizationId: string, lane: { waiting: Waiting[]; running: number }): Promise<void> {
    lane.running += 1
    // Give the runs that finish in this turn of the loop the chance to join.
    await new Promise((resolve) => setImmediate(resolve))
    while (lane.waiting.length > 0) {
      const group = lane.waiting.splice(0, MAX_GROUP)
      try {
        const outcomes = await commitUnits(
          this.#deps,
          group.map((member) => member.unit),
        )
        group.forEach((member, at) => member.settle(outcomes[at] ?? null))
      } catch (error) {
        const cause = error instanceof Error ? error : new Error('commit failed')
        for (const member of group) member.settle(cause)
      }
    }
    lane.running -= 1
    if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(organizationId)
  }
}
