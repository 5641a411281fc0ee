/**
 * What a 271 says: people, benefit lines with all that hangs on them, and the snapshot for outpatient physical therapy.
 * It never guesses: a value is stated, marked as weaker, or unknown. It never reads a chart, a clock or a table.
 * The job eligibility.verify and the pure procedures call it.
 */
export { CODES_SOURCE } from './codes.data.ts'
export { Person, Source } from './model.ts'
export { MAX_PEOPLE, read271 } from './read-271.ts'
export { buildSnapshot, Snapshot } from './snapshot.ts'
export type { SnapshotOptions } from './snapshot.ts'
export type { Fact } from './fact.ts'
