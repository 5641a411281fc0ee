import { expect, test } from 'vitest'
import { addCounts, closingLine, countResults, exitCodeOf, NOTHING } from './results.ts'

const report = (passed: number, failed: number, pending = 0) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: 0 })

test('test results sum over suites and end in one plain line', () => {
  const total = addCounts(countResults(report(3, 0, 1), true), countResults(report(4, 2), false))
  expect(closingLine(total)).toBe('7 passed, 2 failed, 1 skipped')
  expect(exitCodeOf(total)).toBe(1)
})

test('test results of a run that broke without a failed test count one failure', () => {
  expect(countResults(report(3, 0), false)).toMatchObject({ passed: 3, failed: 1 })
  expect(countResults('', false)).toMatchObject({ passed: 0, failed: 1 })
  expect(countResults('{"numPassedTests": 3', false)).toMatchObject({ passed: 0, failed: 1 })
})

test('test results without any test never count as success', () => {
  expect(exitCodeOf(NOTHING)).toBe(1)
  expect(exitCodeOf({ ...NOTHING, passed: 5 })).toBe(1)
  expect(exitCodeOf(countResults(report(1, 0), true))).toBe(0)
})
