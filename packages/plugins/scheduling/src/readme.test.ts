import { readFileSync } from 'node:fs'

import { openTestHost } from '@gonio/sdk/testing'
import { expect, test } from 'vitest'

import { schedulingPlugin } from './index.ts'

const ANSWERS: Readonly<Record<string, object>> = {
  'scheduling.find-slots-in': { slots: [{ startsAt: '2026-03-09T12:00:00.000Z' }], total: 34 },
}

test('the examples of the README answer as it says', async () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const examples = [...text.matchAll(/gonio call (\S+) '([^']+)'/g)]
  expect(examples.map((example) => example[1])).toEqual(Object.keys(ANSWERS))
  for (const [, procedure = '', input = ''] of examples) {
    const { output } = await openTestHost(schedulingPlugin).call(procedure, JSON.parse(input))
    expect(output).toMatchObject(ANSWERS[procedure] ?? {})
  }
})
