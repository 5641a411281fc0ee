import { readFileSync } from 'node:fs'

import { openTestHost } from '@gonio/sdk/testing'
import { expect, test } from 'vitest'

import { planningPlugin } from './index.ts'

const ANSWERS: Readonly<Record<string, object>> = {
  'planning.draft': {
    template: 'low-back-pain-acute',
    plan: { certifiedTo: '2026-02-02' },
    goals: [
      { label: 'STG-1', target: 4 },
      { label: 'LTG-1', target: 3 },
    ],
  },
}

test('the examples of the README answer as it says', async () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const examples = [...text.matchAll(/gonio call (\S+) '([^']+)'/g)]
  expect(examples.map((example) => example[1])).toEqual(Object.keys(ANSWERS))
  for (const [, procedure = '', input = ''] of examples) {
    const { output } = await openTestHost(planningPlugin).call(procedure, JSON.parse(input))
    expect(output).toMatchObject(ANSWERS[procedure] ?? {})
  }
})
