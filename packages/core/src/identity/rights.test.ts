import { isRefusal, ROLE_RIGHTS, STAFF_ROLES } from '@gonio/sdk'
import { expect, test } from 'vitest'

import { authorize, hasValidLicense, rightsOf } from './rights.ts'

const rows = Object.entries(ROLE_RIGHTS).map(([name, holders]) => ({
  name,
  right: rightsOf(STAFF_ROLES).find((right) => right === name),
  holders: [...holders] as string[],
}))

test('the matrix covers every right of the table', () => {
  expect(rows.length).toBeGreaterThanOrEqual(28)
  expect(rightsOf(STAFF_ROLES)).toEqual(rows.map((row) => row.name))
})

test.each(rows)('authorize grants $name to its roles and to no other', ({ right, holders }) => {
  if (right === undefined) throw new Error('a right of the table is not known')
  for (const role of STAFF_ROLES) {
    const refusal = refusalOf(() => authorize({ roles: [role] }, right))
    if (holders.includes(role)) {
      expect(refusal, role).toBeNull()
      continue
    }
    expect(refusal, role).toMatchObject({ code: 'not-allowed' })
    expect(refusal?.message).toContain(right)
    for (const holder of holders) expect(refusal?.message).toContain(holder)
  }
  expect(refusalOf(() => authorize({ roles: [] }, right))).toMatchObject({ code: 'not-allowed' })
  expect(refusalOf(() => authorize({ roles: STAFF_ROLES }, right))).toBeNull()
})

test('hasValidLicense counts the last day and no day after it', () => {
  const viewer = { licenses: [{ kind: 'PT', state: 'CO', number: '1', expires: '2026-06-30' }] } as const
  expect(hasValidLicense(viewer, ['PT'], '2026-06-30')).toBe(true)
  expect(hasValidLicense(viewer, ['PT'], '2026-07-01')).toBe(false)
  expect(hasValidLicense(viewer, ['PT', 'PTA'], '2026-01-01')).toBe(true)
  expect(hasValidLicense(viewer, ['PTA'], '2026-01-01')).toBe(false)
  expect(hasValidLicense(viewer, [], '2026-01-01')).toBe(false)
  expect(hasValidLicense({ licenses: [] }, ['PT'], '2026-01-01')).toBe(false)
})

test('hasValidLicense refuses to compare with what is no day', () => {
  const licenses = [{ kind: 'PT', state: 'CO', number: '1', expires: '2026-06-30' }] as const
  expect(() => hasValidLicense({ licenses }, ['PT'], '')).toThrow('YYYY-MM-DD')
})

test('hasValidLicense accepts any of several licenses that is still valid', () => {
  const licenses = [
    { kind: 'PT', state: 'CO', number: '1', expires: '2025-01-01' },
    { kind: 'PT', state: 'UT', number: '2', expires: '2027-01-01' },
  ] as const
  expect(hasValidLicense({ licenses }, ['PT'], '2026-01-01')).toBe(true)
})

function refusalOf(work: () => void): Error | null {
  try {
    work()
    return null
  } catch (error) {
    if (isRefusal(error)) return error
    throw error
  }
}
