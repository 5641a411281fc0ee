import { expect, test } from 'vitest'

import { emptyOf, readSchema } from './node.ts'

test('fields of a schema become the kinds a form can draw', () => {
  const node = readSchema({
    type: 'object',
    required: ['style'],
    properties: {
      style: { enum: ['short', 'full'], description: 'How long.' },
      most: { type: 'integer', minimum: 1, maximum: 9007199254740991 },
      note: { anyOf: [{ type: 'string', maxLength: 2000 }, { type: 'null' }] },
      id: { type: 'string', format: 'uuid' },
      list: { type: 'array', items: { type: 'string' } },
      any: {},
    },
  })
  expect(node.kind).toBe('group')
  if (node.kind !== 'group') return
  const kinds = Object.fromEntries(node.fields.map((field) => [field.key, field.node.kind]))
  expect(kinds).toEqual({ style: 'choice', most: 'number', note: 'nullable', id: 'fixed', list: 'list', any: 'json' })
  expect(node.fields[0]).toMatchObject({ label: 'Style', hint: 'How long.', required: true })
  expect(node.fields[1]?.node).toMatchObject({ min: 1, max: undefined, integer: true })
  expect(node.fields[2]?.node).toMatchObject({ inner: { kind: 'text', input: 'long' } })
})

test('a schema that refers to itself ends as JSON instead of without end', () => {
  const tree = { $ref: '#/$defs/tree', $defs: { tree: { type: 'object', properties: { child: { $ref: '#/$defs/tree' } } } } }
  expect(() => readSchema(tree)).not.toThrow()
  expect(JSON.stringify(readSchema(tree))).toContain('"json"')
  expect(() => emptyOf(tree)).not.toThrow()
})

test('a new entry of a list has every field of the schema', () => {
  expect(
    emptyOf({
      type: 'object',
      properties: {
        text: { type: 'string' },
        minutes: { type: 'integer', minimum: 5 },
        note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        kind: { enum: ['a', 'b'] },
      },
    }),
  ).toEqual({ text: '', minutes: 5, note: null, kind: 'a' })
})
