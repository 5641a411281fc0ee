import { execFile } from 'node:child_process'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startGonio } from '../support/started.ts'
import type { StartedGonio } from '../support/started.ts'

const ROOT = join(import.meta.dirname, '../..')
const FILES = join(ROOT, 'test/fixtures/x12')

interface Answer {
  readonly code: number
  readonly out: string
  readonly error: string
}

function gonio(args: readonly string[], input?: unknown): Promise<Answer> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(ROOT, 'packages/core/src/cli/gonio.ts'), ...args],
      { cwd: ROOT, maxBuffer: 64_000_000 },
      (error, out, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: stderr }),
    )
    child.stdin?.end(input === undefined ? '' : JSON.stringify(input))
  })
}

describe('gonio call', () => {
  test('prints the benefit snapshot of a 271 file, without a database', async () => {
    const { code, out } = await gonio(['call', 'eligibility.read-271', '--input', join(FILES, 'rfi-snippets/rfi2411_EB11_Y.271')])
    expect(code).toBe(0)
    const { snapshot } = JSON.parse(out)
    expect(snapshot.authorization).toMatchObject({ value: 'Y', certainty: 'stated' })
    expect(JSON.stringify(snapshot.authorization.source)).toContain('EB*')
  })

  test('scores, checks red flags and describes its schemas from standard input', async () => {
    const scored = await gonio(['call', 'outcomes.score', '--input', '-'], {
      instrument: 'lefs',
      items: Array.from({ length: 20 }, () => 3),
    })
    expect(JSON.parse(scored.out)).toMatchObject({ score: 60 })
    const flags = await gonio(['call', 'intake.check-red-flags', '--input', '-'], {
      bodyRegion: 'lumbar-spine',
      answers: { 'saddle-numbness': 'unsure' },
    })
    expect(JSON.parse(flags.out)).toMatchObject({ level: 'E' })
    const inline = await gonio(['call', 'outcomes.score', '{ "instrument": "nprs", "items": [4], "baseline": 6 }'])
    expect(JSON.parse(inline.out)).toMatchObject({ score: 4 })
    const described = await gonio(['describe', 'notes.draft'])
    expect(JSON.parse(described.out)).toMatchObject({
      name: 'notes.draft',
      access: 'pure',
      input: { type: 'object' },
      output: { type: 'object' },
    })
  })

  test('answers a mistake with a sentence and exit code 1: unknown plugin, procedure, file, wrong input', async () => {
    for (const [args, words] of [
      [['call', 'nothing.here', '--input', '-'], /There is no plugin nothing/],
      [['call', 'outcomes.nothing', '--input', '-'], /has no procedure outcomes.nothing. It has: /],
      [['call', 'outcomes.score', '--input', '/no/such/file'], /cannot be read/],
      [['call', 'outcomes.score'], /--input FILE/],
      [['nonsense'], /no command nonsense/],
      [['call', 'scheduling.find-slots', '--input', '-'], /--as E-MAIL/],
    ] as const) {
      const { code, error } = await gonio(args, {})
      expect({ code, said: words.test(error) }, error).toEqual({ code: 1, said: true })
      expect(error).not.toMatch(/ {4}at /)
    }
    const wrong = await gonio(['call', 'outcomes.score', '--input', '-'], { instrument: 'lefs', items: 'Rosa Delgado' })
    expect(wrong.code).toBe(1)
    expect(wrong.error).not.toContain('Delgado')
  })
})

describe('beside a running clinic', () => {
  let running: StartedGonio
  beforeAll(async () => {
    running = await startGonio()
  })
  afterAll(() => running.close())

  test('verify-audit, export-audit and a call as a member of staff work on its database', { timeout: 120_000 }, async () => {
    const where = ['--data-dir', running.dataDir]
    const verified = await gonio(['verify-audit', ...where])
    expect(verified.out, verified.error).toMatch(/unaltered/)
    expect(verified.code).toBe(0)
    const exported = await gonio(['export-audit', ...where])
    expect(JSON.parse(exported.out.split('\n')[0] ?? '')).toMatchObject({ type: 'header', format: 'gonio-audit/1' })
    const called = await gonio(['call', 'scheduling.open-time-view', '--input', '-', '--as', 'front@demo.example', ...where], {})
    expect(JSON.parse(called.out).view ?? JSON.parse(called.out)).toBeTypeOf('object')
  })
})
