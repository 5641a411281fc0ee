import type { Run, Side } from '@gonio/sdk'
import type { ColumnType } from 'kysely'

import type { OutcomesSettings } from './settings.ts'

type Instant = ColumnType<Date | string, string, string>

export interface OutcomesTables {
  /** The course of one measure in one episode, as of its latest measurement. */
  trajectory: {
    id: string
    episode_id: string
    code: string
    side: Side
    count: number
    verdict: string | null
    trend: string
    changed_at: Instant
  }
  /** That a discharge was proposed for an episode with these goals: it is proposed once. */
  readiness: {
    id: string
    episode_id: string
    /** Ids of the goals it stands on; other goals make another proposal. */
    goals: string
    proposal_id: string | null
    ready_at: Instant
  }
}

export type OutcomesRun = Run<OutcomesTables, OutcomesSettings>
