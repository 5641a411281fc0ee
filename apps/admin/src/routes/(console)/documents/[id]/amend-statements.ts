import type { Statement } from '@gonio/sdk'

/** The statements after an edit: untouched ones keep their evidence, a changed or new one stands on the word of the clinician who signs. */
export function amendStatements(
  before: readonly Statement[],
  rows: readonly { from: number | null; section: string; text: string }[],
  staffId: string,
): Statement[] {
  return rows.flatMap((row) => {
    const text = row.text.trim()
    if (text === '') return []
    const old = row.from === null ? undefined : before[row.from]
    if (old !== undefined && old.text === text) return [old]
    return [{ section: row.section, text, evidence: [{ kind: 'staff', id: staffId } as const], origin: `staff:${staffId}` }]
  })
}
