import { expect, test } from 'vitest'

import { readStep } from './step.ts'

const words = { en: 'Name?', es: '¿Nombre?' }

test('a question, an end and a stop are read', () => {
  expect(
    readStep({
      step: 'question',
      language: 'es',
      question: { id: 'q', kind: 'scale', text: words, min: 0, max: 10, progress: { done: 2, of: 9 } },
    }),
  ).toMatchObject({ step: 'question', language: 'es', question: { id: 'q', kind: 'scale', progress: { done: 2, of: 9 }, optional: false } })
  expect(readStep({ step: 'stop', language: 'en', text: words })).toEqual({ step: 'stop', language: 'en', text: words })
})

test('an answer that is no step is refused instead of shown half', () => {
  for (const wrong of [
    null,
    'x',
    {},
    { step: 'question' },
    { step: 'question', question: { id: 'q', kind: 'unheard-of', text: words } },
    { step: 'done' },
  ])
    expect(readStep(wrong)).toBeNull()
})

test('a missing Spanish text falls back to the English one', () => {
  expect(readStep({ step: 'done', text: { en: 'Thanks' } })).toMatchObject({ text: { en: 'Thanks', es: 'Thanks' } })
})
