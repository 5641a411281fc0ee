import { decodeX12 } from './decode.ts'
import type { X12Input } from './decode.ts'
import { readEnvelope } from './envelope.ts'
import type { Interchange } from './envelope.ts'
import { Findings } from './finding.ts'
import type { Segment } from './segment.ts'
import { tokenizeX12 } from './tokenize.ts'

export interface X12File {
  readonly segmentCount: number
  readonly segments: readonly (readonly Segment[])[]
  readonly interchanges: readonly Interchange[]
  readonly findings: Findings
}

/**
 * Reads any X12 file into segments and envelopes. Faults of the file are findings.
 *
 * @throws Refusal `invalid-input` when it is no X12 at all, `too-large` above the limits
 */
export function readX12(input: X12Input): X12File {
  const findings = new Findings()
  const segments = tokenizeX12(decodeX12(input, findings), findings)
  const interchanges = segments.map((some) => readEnvelope(some, findings))
  return { segmentCount: segments.reduce((sum, some) => sum + some.length, 0), segments, interchanges, findings }
}
