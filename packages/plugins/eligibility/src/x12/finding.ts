/** What is wrong with a file and where. A fault of the sender never stops the reading of the rest. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: 'error' | 'warning'
  /** Position of the segment where it was noticed, from 1; 0 for the file itself. */
  readonly segment: number
  readonly tag: string
  /** Says what is wrong; holds counts and control numbers only, never what the segment says about a person. */
  readonly text: string
}

export const FINDING_CODES = [
  'encoding',
  'leading-bytes',
  'trailing-bytes',
  'isa-malformed',
  'isa-not-fixed-width',
  'unterminated-segment',
  'empty-segment',
  'unknown-tag',
  'missing-trailer',
  'unexpected-segment',
  'wrong-count',
  'wrong-control-number',
  'duplicate-control-number',
  'truncated',
  'hl-parent',
  'benefit-outside-person',
  'part-outside-benefit',
  'loop-not-closed',
  'malformed-benefit',
  'unknown-code',
  'bad-date',
  'left-off',
] as const
export type FindingCode = (typeof FINDING_CODES)[number]

/** A file of noise must not become a report of a million lines. */
export const MAX_FINDINGS = 1_000

/** Collects findings up to {@link MAX_FINDINGS} and says so once when there are more. */
export class Findings {
  readonly list: Finding[] = []

  add(code: FindingCode, severity: Finding['severity'], at: { position: number; tag: string } | null, text: string): void {
    if (this.list.length > MAX_FINDINGS) return
    const tag = (at?.tag ?? '').replace(/[^A-Z0-9]/g, '').slice(0, 3)
    const full = this.list.length === MAX_FINDINGS
    this.list.push(
      full
        ? {
            code: 'left-off',
            severity: 'warning',
            segment: at?.position ?? 0,
            tag,
            text: `More than ${MAX_FINDINGS} findings; the rest are left off.`,
          }
        : { code, severity, segment: at?.position ?? 0, tag, text },
    )
  }
}
