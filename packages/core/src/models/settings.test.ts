import { expect, test } from 'vitest'

import { endpointFor, modelSettings } from './settings.ts'

const local = { provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:11434/v1', model: 'qwen3:4b' }

test('model settings default to time and length limits', () => {
  expect(modelSettings.parse(local)).toEqual({ ...local, timeoutMs: 60_000, maxOutputTokens: 2_000 })
})

test('model settings refuse other protocols, names that are no codes, unknown fields and too many tasks', () => {
  const refused = [
    { ...local, baseUrl: 'file:///etc/passwd' },
    { ...local, baseUrl: 'localhost' },
    { ...local, model: 'a model' },
    { ...local, timeoutMs: 1 },
    { ...local, temperature: 1 },
    { ...local, tasks: { 'Note Draft': { provider: 'none' } } },
    { ...local, tasks: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`t${at}`, { provider: 'none' }])) },
    { provider: 'other' },
  ]
  expect(refused.filter((settings) => modelSettings.safeParse(settings).success)).toEqual([])
})

test('endpointFor prefers what is set for the task, also when that is no model', () => {
  const settings = modelSettings.parse({
    ...local,
    tasks: { 'note.draft': { ...local, model: 'larger' }, 'intake.extract': { provider: 'none' } },
  })
  expect(endpointFor(settings, 'note.draft')?.model).toBe('larger')
  expect(endpointFor(settings, 'intake.extract')).toBe(null)
  expect(endpointFor(settings, 'message.draft')?.model).toBe('qwen3:4b')
  expect(endpointFor(settings, 'constructor')?.model).toBe('qwen3:4b')
  expect(endpointFor({ provider: 'none' }, 'note.draft')).toBe(null)
  expect(endpointFor(modelSettings.parse({ provider: 'none', tasks: { 'note.draft': local } }), 'note.draft')?.model).toBe('qwen3:4b')
})
