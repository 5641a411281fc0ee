import type { EvidenceFact, NoteFacts, StatementFact } from './facts.ts'
import { readEvidence } from './read-evidence.ts'

/**
 * Decides whose sentence each one is. Text and section as drafted: the draft's own evidence and origin count, whatever the payload says.
 * Anything else is the clinician's: origin `staff:<id>`, the linked facts that exist are kept, and the clinician is added as evidence.
 */
export function settleStatements(input: {
  signed: readonly StatementFact[]
  drafted: readonly StatementFact[]
  facts: NoteFacts
  staffId: string
}): StatementFact[] {
  const left = [...input.drafted]
  return input.signed.map((statement) => {
    const at = left.findIndex((drafted) => drafted.text === statement.text && drafted.section === statement.section)
    const [same] = at < 0 ? [] : left.splice(at, 1)
    if (same !== undefined) return same
    const own: EvidenceFact = { kind: 'staff', id: input.staffId, label: 'Written or edited by the signing clinician' }
    const linked = statement.evidence.filter((evidence) => evidence.kind !== 'staff' && readEvidence(evidence, input.facts) !== null)
    return { ...statement, origin: `staff:${input.staffId}`, evidence: [...linked, own] }
  })
}
