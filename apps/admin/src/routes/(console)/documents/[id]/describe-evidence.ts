import { EVIDENCE_KIND, readable } from '#lib/clinic/words.ts'
import type { Evidence } from '@gonio/sdk'

/** Where a sentence comes from, in words. */
export function describeEvidence(evidence: Evidence): string {
  const kind = EVIDENCE_KIND[evidence.kind]
  return `${kind}${evidence.label === undefined ? '' : `: ${evidence.label}`}${evidence.path === undefined ? '' : ` (${readable(evidence.path).toLowerCase()})`}`
}
