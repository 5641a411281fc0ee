/**
 * work: the unit of work. Turns finished runs and acts of people into rows, audit entries, events and jobs, in one transaction.
 * It never runs a plugin and never decides who may.
 * Plugin workers, decisions and the API commit through it; nothing else writes the chart.
 */
export { commitUnit, commitUnits } from './commit.ts'
export type { CommitDeps } from './commit.ts'
export { CommitGroup } from './group.ts'
export { LIVE_CHANNEL, MAX_DEPTH } from './ledger.ts'
export { hashRows } from './own-data.ts'
export { causeOf } from './story.ts'
export { ClaimLost, LISTENER_ATTEMPTS, MovedFacts } from './unit.ts'
export type { Actor, Cause, Change, OwnRead, PluginDirectory, Unit } from './unit.ts'
