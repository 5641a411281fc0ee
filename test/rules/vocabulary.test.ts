import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { EVENT_TYPES, LICENSE_KINDS, PLUGIN_PERMISSIONS, ROLE_RIGHTS, SLOTS, STAFF_ROLES } from '@gonio/sdk'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { clinic } from '../../examples/small-clinic/gonio.config.ts'

const ROOT = join(import.meta.dirname, '../..')
const Names = z.array(z.string())
const Action = z.strictObject({ plugin: z.string(), roles: Names, licenses: Names, risk: z.string() })
const vocabulary = z
  .strictObject({
    about: z.string(),
    roles: Names,
    licenses: Names,
    rights: z.record(z.string(), Names),
    actions: z.record(z.string(), Action),
    permissions: Names,
    slots: Names,
    events: Names,
    ownEvents: z.record(z.string(), Names),
  })
  .parse(JSON.parse(readFileSync(join(ROOT, 'docs/reference/vocabulary.json'), 'utf8')))

const EMITTED = /\bemit\(\s*'([^']+)'/g
const PROPOSED = /\baction: '([^']+)'/g

/** Names in the source of a plugin that the vocabulary does not have. */
function unknownIn(source: string, plugin: string): string[] {
  const events = [...vocabulary.events, ...(vocabulary.ownEvents[plugin] ?? [])]
  return [
    ...names(source, EMITTED).filter((name) => !events.includes(name)),
    ...names(source, PROPOSED).filter((name) => !(name in vocabulary.actions)),
  ]
}

function names(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].map((match) => match[1] ?? '')
}

test('the words of the SDK are those of docs/reference/vocabulary.json', () => {
  expect({
    roles: STAFF_ROLES,
    licenses: LICENSE_KINDS,
    rights: ROLE_RIGHTS,
    permissions: Object.keys(PLUGIN_PERMISSIONS),
    slots: SLOTS,
    events: EVENT_TYPES,
  }).toEqual({
    roles: vocabulary.roles,
    licenses: vocabulary.licenses,
    rights: vocabulary.rights,
    permissions: vocabulary.permissions,
    slots: vocabulary.slots,
    events: vocabulary.events,
  })
})

test('the actions that plugins offer, and who decides them, are those of the vocabulary', () => {
  const offered = clinic.plugins.flatMap((plugin) =>
    [...plugin.actions.values()].map(({ name, decide, risk }) => [
      name,
      { plugin: plugin.id, roles: decide.roles, licenses: decide.licenses ?? [], risk },
    ]),
  )
  expect(Object.fromEntries(offered)).toEqual(vocabulary.actions)
})

test('every event that a plugin listens to is known', () => {
  const own = Object.values(vocabulary.ownEvents).flat()
  const heard = clinic.plugins.flatMap((plugin) => plugin.events)
  expect(heard.length).toBeGreaterThan(8)
  expect(heard.filter((event) => ![...vocabulary.events, ...own].includes(event))).toEqual([])
})

test('every event that a plugin emits and every action that it proposes is known', () => {
  let emitted = 0
  let proposed = 0
  for (const { id } of clinic.plugins) {
    for (const path of globSync(`packages/plugins/${id}/src/**/*.ts`, { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'))) {
      const source = readFileSync(join(ROOT, path), 'utf8')
      emitted += names(source, EMITTED).length
      proposed += names(source, PROPOSED).length
      expect({ path, unknown: unknownIn(source, id) }).toEqual({ path, unknown: [] })
    }
  }
  expect(emitted).toBeGreaterThan(6)
  expect(proposed).toBeGreaterThan(6)
})

test('a planted event and a planted action are found', () => {
  expect(unknownIn("run.emit('visit.teleported', refs); run.propose({ action: 'plan.guess' })", 'outcomes')).toEqual([
    'visit.teleported',
    'plan.guess',
  ])
  expect(unknownIn("run.emit('outcomes.worse', refs)", 'outcomes')).toEqual([])
  expect(unknownIn("run.emit('outcomes.worse', refs)", 'notes')).toEqual(['outcomes.worse'])
})
