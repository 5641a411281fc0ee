import { expect, test } from 'vitest'

import type { WhyLink } from '#lib/api-types.ts'

import { orderChain, traceCauses } from './order-chain.ts'

const link = (id: string, causationId: string | null, at = id): WhyLink => ({
  kind: 'event',
  id,
  at,
  title: id,
  by: '',
  causationId,
  refs: {},
})

test('each thing stands under its cause', () => {
  const rows = orderChain([link('c', 'a'), link('b', 'a'), link('a', null), link('d', 'b')])
  expect(rows.map(({ link: { id }, depth }) => [id, depth])).toEqual([
    ['a', 0],
    ['b', 1],
    ['d', 2],
    ['c', 1],
  ])
})

test('a cause outside the story starts a branch, and a loop of causes is shown once', () => {
  expect(orderChain([link('a', 'elsewhere')])).toHaveLength(1)
  expect(
    orderChain([link('a', 'b'), link('b', 'a')])
      .map((row) => row.link.id)
      .sort(),
  ).toEqual(['a', 'b'])
})

test('what led to a thing is its causes from the first to itself', () => {
  const story = [link('a', null), link('b', 'a'), link('c', 'b'), link('x', 'a')]
  expect(traceCauses(story, 'c').map((one) => one.id)).toEqual(['a', 'b', 'c'])
  expect(traceCauses(story, 'nowhere')).toEqual([])
  expect(traceCauses([link('a', 'b'), link('b', 'a')], 'a')).toHaveLength(2)
})
