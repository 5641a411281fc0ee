import type { Evidence, Refs } from '@gonio/sdk'
import type { ColumnType, Generated } from 'kysely'

type Json<T> = ColumnType<T, string, string>

export type ProposalState = 'pending' | 'approved' | 'rejected' | 'expired' | 'stale' | 'withdrawn'

/** A chart row a proposal or a run stands on. `row` is kept with a proposal, to show what changed. */
export interface Fact {
  readonly noun: FactNoun
  readonly id: string
  readonly version: number
  readonly row?: Readonly<Record<string, unknown>>
}
export const FACT_NOUNS = ['patient', 'coverage', 'episode', 'visit', 'measurement', 'goal', 'document'] as const
export type FactNoun = (typeof FACT_NOUNS)[number]

export interface ProposalTable {
  id: string
  organizationId: string
  version: Generated<number>
  plugin: string
  action: string
  title: string
  payload: Json<unknown>
  refs: Json<Refs>
  evidence: Json<readonly Evidence[]>
  facts: Json<readonly Fact[]>
  confidence: number | null
  state: ProposalState
  key: string | null
  originHandler: string
  originInput: Json<unknown>
  behindStaff: string | null
  createdAt: string
  expiresAt: string
  correlationId: string
  causationId: string | null
  depth: number
  episodeId: Generated<string | null>
  visitId: Generated<string | null>
}
export interface DecisionTable {
  proposalId: string
  organizationId: string
  id: string
  verdict: 'approve' | 'reject'
  staffId: string
  decidedAt: string
  seenHash: string
  patch: ColumnType<readonly unknown[] | null, string | null, string | null>
  reasonCode: string | null
  reason: string | null
  effects: number
}

declare module '../db/database.ts' {
  interface Database {
    'kernel.proposal': ProposalTable
    'kernel.decision': DecisionTable
  }
}
