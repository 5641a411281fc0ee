/**
 * audit: the append-only record of every write and every reading of a chart, its Merkle tree, its signed checkpoints and their proofs.
 * It never updates or deletes a row, and never holds patient data: ids, hashes, counts and codes only.
 * Every module that writes calls appendEntries(); jobs seal; the API and `gonio verify-audit` read and verify.
 */
export { appendEntries } from './entry.ts'
export type { NewEntry } from './entry.ts'
export type { ActorKind, Detail } from './tables.ts'
