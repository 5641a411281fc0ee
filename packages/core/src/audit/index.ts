/**
 * audit: the append-only record of every write and every reading of a chart, its Merkle tree, its signed checkpoints and their proofs.
 * It never updates or deletes a row, and never holds patient data: ids, hashes, counts and codes only.
 * Every module that writes calls appendEntries(); jobs seal; the API and `gonio verify-audit` read and verify.
 */
export { AnchorFolder } from './anchor.ts'
export { appendEntries } from './entry.ts'
export type { NewEntry } from './entry.ts'
export { listEntries } from './list.ts'
export type { ListedEntry, ListOptions } from './list.ts'
export { sealEntries } from './seal.ts'
export type { Checkpoint } from './seal.ts'
export { loadSigningKey } from './signing-key.ts'
export type { SigningKey } from './signing-key.ts'
export { openCheckpoint, originOf, verifierKeyOf } from './checkpoint-note.ts'
export { verifyAudit } from './verify.ts'
export type { AuditReport, VerifyOptions } from './verify.ts'
export type { AuditProblem } from './log-check.ts'
export { consistencyProof, inclusionProof } from './proof.ts'
export type { ConsistencyProof, InclusionProof } from './proof.ts'
export { verifyConsistency, verifyInclusion } from './tree-proof.ts'
export { exportAudit } from './export.ts'
export { verifyExport } from './verify-export.ts'
export type { ExportReport } from './verify-export.ts'
export type { ActorKind, Detail } from './tables.ts'
