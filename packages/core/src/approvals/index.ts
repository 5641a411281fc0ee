/**
 * approvals: proposals, who may decide them, the facts they stand on, and the decision.
 * It never runs an action and never approves by time-out.
 * The unit of work creates and settles proposals; the API lists them.
 */
export { describeChanges, lockAndCompare, seenHashOf } from './facts.ts'
export type { ChangedFact } from './facts.ts'
export { createProposal, dueToExpire, moveProposal, PROPOSAL_COLUMNS, readProposal, recordDecision, settleByKey } from './proposals.ts'
export type { NewDecision, Proposal } from './proposals.ts'
export { assertMayDecide } from './rules.ts'
export type { AnyAction } from './rules.ts'
export { FACT_NOUNS } from './tables.ts'
export type { Fact, FactNoun, ProposalState } from './tables.ts'
