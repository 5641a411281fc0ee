/**
 * X12 syntax: bytes to segments and envelopes, and back.
 * It never knows what a segment means and never throws for a fault of the file, only for what is no X12 or too large.
 * The 271 reader, the simulator and the procedure eligibility.read-x12 call it.
 */
export { MAX_BYTES } from './decode.ts'
export type { X12Input } from './decode.ts'
export type { Transaction } from './envelope.ts'
export { FINDING_CODES } from './finding.ts'
export type { Finding, Findings } from './finding.ts'
export { readX12 } from './read.ts'
export type { X12File } from './read.ts'
export { Segment } from './segment.ts'
export { writeX12 } from './write.ts'
export type { NewSegment } from './write.ts'
