import { expect, test } from 'vitest'

import { amendStatements } from './amend-statements.ts'

const before = [
  { section: 'Subjective', text: 'Pain 3/10.', evidence: [{ kind: 'measurement' as const, id: 'm1' }], origin: 'rule' },
  { section: 'Plan', text: 'Continue.', evidence: [{ kind: 'episode' as const, id: 'e1' }], origin: 'rule' },
]

test('an untouched sentence keeps its evidence, a changed one stands on the word of the clinician', () => {
  const after = amendStatements(
    before,
    [
      { from: 0, section: 'Subjective', text: 'Pain 3/10.' },
      { from: 1, section: 'Plan', text: 'Continue twice a week.' },
    ],
    's1',
  )
  expect(after[0]).toBe(before[0])
  expect(after[1]).toEqual({ section: 'Plan', text: 'Continue twice a week.', evidence: [{ kind: 'staff', id: 's1' }], origin: 'staff:s1' })
})

test('a struck or emptied sentence is gone', () => {
  expect(amendStatements(before, [{ from: 0, section: 'Subjective', text: '  ' }], 's1')).toEqual([])
})
