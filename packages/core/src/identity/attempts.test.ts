import fc from 'fast-check'
import { expect, test } from 'vitest'

import { accountKey, addressKey, chargeAttempt } from './attempts.ts'
import type { AttemptRow, AttemptRule } from './attempts.ts'

const MINUTE_MS = 60_000
const RULE: AttemptRule = {
  failures: 5,
  windowMs: 24 * 60 * MINUTE_MS,
  countedFrom: 'last',
  lockMs: 15 * MINUTE_MS,
  maxLockMs: 4 * 60 * MINUTE_MS,
}
const START = Date.parse('2026-03-02T00:00:00Z')
const EMPTY: AttemptRow = { key: 'k', failures: 0, since: new Date(START).toISOString(), locks: 0, lockedUntil: null }

/** Tries at these times; answers the times of those that were let through and how long each lock lasted. */
function run(times: readonly number[], rule = RULE): { allowed: number[]; locksMs: number[] } {
  let row = EMPTY
  const allowed: number[] = []
  const locksMs: number[] = []
  for (const at of times) {
    const charge = chargeAttempt(row, rule, new Date(at))
    row = charge.row
    if (!charge.refused) allowed.push(at)
    if (charge.closed) locksMs.push(Date.parse(charge.row.lockedUntil ?? '') - at)
  }
  return { allowed, locksMs }
}

test('chargeAttempt lets no more than five tries through in any 15 minutes, whatever their rhythm', () => {
  const gap = fc.oneof(
    fc.integer({ min: 0, max: 2 * MINUTE_MS }),
    fc.integer({ min: 0, max: 30 * MINUTE_MS }),
    fc.integer({ min: 0, max: 50 * 60 * MINUTE_MS }),
  )
  fc.assert(
    fc.property(fc.array(gap, { maxLength: 80 }), (gaps) => {
      let at = START
      const { allowed } = run(gaps.map((ms) => (at += ms)))
      for (const from of allowed)
        expect(allowed.filter((time) => time >= from && time < from + 15 * MINUTE_MS).length).toBeLessThanOrEqual(5)
    }),
    { numRuns: 300 },
  )
})

test('chargeAttempt doubles each further lock up to the maximum', () => {
  const { locksMs } = run(Array.from({ length: 60 * 20 }, (_, minute) => START + minute * MINUTE_MS))
  expect(locksMs.slice(0, 6).map((ms) => ms / MINUTE_MS)).toEqual([15, 30, 60, 120, 240, 240])
})

test('chargeAttempt forgets failures and locks after a quiet window', () => {
  const burst = [0, 1, 2, 3, 4].map((second) => START + second * 1_000)
  const later = burst.map((time) => time + RULE.windowMs + RULE.lockMs + MINUTE_MS)
  expect(run([...burst, ...later]).locksMs).toEqual([15 * MINUTE_MS, 15 * MINUTE_MS])
  expect(run([...burst.slice(0, 4), ...later.slice(0, 4)]).locksMs).toEqual([])
})

test('chargeAttempt counted from the first try starts anew with each window', () => {
  const rule: AttemptRule = { ...RULE, countedFrom: 'first', windowMs: 15 * MINUTE_MS }
  expect(
    run(
      [0, 10, 20, 30, 40, 50, 60].map((minute) => START + minute * MINUTE_MS),
      rule,
    ).locksMs,
  ).toEqual([])
})

test.each([
  ['192.0.2.7', 'ip:192.0.2.7'],
  ['::ffff:192.0.2.7', 'ip:192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', 'ip:2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', 'ip:2001:db8:1:2::/64'],
  ['2001:db8::1', 'ip:2001:db8:0:0::/64'],
  ['::1', 'ip:0:0:0:0::/64'],
  ['fe80::1%eth0', 'ip:fe80:0:0:0::/64'],
  ['not an address', 'ip:unknown'],
])('addressKey of %s is %s', (ip, key) => {
  expect(addressKey(ip)).toBe(key)
})

test('addressKey puts every address of one /64 under one key', () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (ip, host) => {
      const key = addressKey(ip)
      fc.pre(key !== 'ip:unknown' && !key.includes('.'))
      const groups = [48n, 32n, 16n, 0n].map((shift) => ((host >> shift) & 0xffffn).toString(16))
      expect(addressKey([...key.slice(3, -5).split(':'), ...groups].join(':'))).toBe(key)
    }),
  )
})

test('accountKey shows nothing of what was typed', () => {
  const key = accountKey('secret', 'a password typed into the wrong field')
  expect(key).not.toContain('password')
  expect(key).not.toBe(accountKey('other secret', 'a password typed into the wrong field'))
  expect(key.length).toBeLessThanOrEqual(80)
})
