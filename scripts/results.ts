/** Test counts of several runs, summed. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Tests that really ran; checks such as the linter are not among them. */
  readonly tests: number
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0, tests: 0 }

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped, tests: a.tests + b.tests }
}

/** Counts a Vitest JSON report. A run that failed without a failed test (a file that did not load, a stray error) counts as one failure. */
export function countResults(report: string, runSucceeded: boolean): Counts {
  const passed = numberIn(report, 'numPassedTests')
  const failedTests = numberIn(report, 'numFailedTests')
  const failed = failedTests === 0 && !runSucceeded ? 1 : failedTests
  const skipped = numberIn(report, 'numPendingTests') + numberIn(report, 'numTodoTests')
  return { passed, failed, skipped, tests: passed + failedTests }
}

function numberIn(report: string, key: string): number {
  try {
    const value: unknown = JSON.parse(report)
    const found: unknown = typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : 0
    return typeof found === 'number' ? found : 0
  } catch {
    return 0
  }
}

export function closingLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`
}

/** A gate that ran no test has not said that all is well. */
export function exitCodeOf(counts: Counts): number {
  return counts.failed === 0 && counts.tests > 0 ? 0 : 1
}
