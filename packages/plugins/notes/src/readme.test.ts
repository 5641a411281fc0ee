import { readFileSync } from 'node:fs'

import { openTestHost } from '@gonio/sdk/testing'
import { expect, test } from 'vitest'

import { notesPlugin } from './index.ts'

const ANSWERS: Readonly<Record<string, object>> = {
  'notes.draft': {
    text: 'Subjective\nPatient reports: "Stairs are easier."\n\nObjective\nRight knee flexion 102°.\nTimed interventions: therapeutic exercise 23 min.\nUntimed interventions: cold or hot pack 10 min.\nTotal timed treatment 23 min; total treatment time 33 min.',
  },
}

test('the examples of the README answer as it says', async () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const examples = [...text.matchAll(/gonio call (\S+) '([^']+)'/g)]
  expect(examples.map((example) => example[1])).toEqual(Object.keys(ANSWERS))
  for (const [, procedure = '', input = ''] of examples) {
    const { output } = await openTestHost(notesPlugin).call(procedure, JSON.parse(input))
    expect(output).toMatchObject(ANSWERS[procedure] ?? {})
  }
})
