import { expect, test } from 'vitest'

import { Lru } from './lru.ts'
import { Memo } from './memo.ts'

test('Lru keeps what was used last, up to its limit', () => {
  const lru = new Lru<number>(2)
  lru.set('a', 1)
  lru.set('b', 2)
  expect(lru.get('a')).toBe(1)
  lru.set('c', 3)
  expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([1, undefined, 3, 2])
})

test('Memo keeps organizations apart, also when one of them fills its store', () => {
  const memo = new Memo()
  memo.keep('one', 'key', 'answer of one')
  for (let at = 0; at < 1_000; at++) memo.keep('two', `key ${at}`, 'answer of two')
  expect(memo.read('one', 'key')).toBe('answer of one')
  expect(memo.read('two', 'key')).toBe(undefined)
  expect(memo.read('two', 'key 0')).toBe(undefined)
  expect(memo.read('two', 'key 999')).toBe('answer of two')
})

test('Memo does not keep answers of unusual length', () => {
  const memo = new Memo()
  memo.keep('one', 'key', 'x'.repeat(64_001))
  expect(memo.read('one', 'key')).toBe(undefined)
})
