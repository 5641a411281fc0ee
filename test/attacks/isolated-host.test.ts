import type { RunSeed } from '@gonio/sdk'
import { isRefusal, Refusal } from '@gonio/sdk'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { inProcessHost, isolatedHost } from '../../packages/core/src/plugins/index.ts'
import type { Executed, Execution, Host, IsolatedHostOptions } from '../../packages/core/src/plugins/index.ts'
import { hostileChild } from '../support/hostile-child-plugin.ts'

/**
 * A plugin in a process of its own: it cannot tell, and whatever it tries stays in that process. No database and no kernel here; the walls of
 * what a run may ask and change are tested in hostile-plugin.test.ts.
 */
const IS_ROOT = process.getuid?.() === 0
const OPTIONS: IsolatedHostOptions = {
  pluginId: hostileChild.id,
  moduleUrl: new URL('../support/hostile-child-plugin.ts', import.meta.url).href,
  exportName: 'hostileChild',
  readable: [fileURLToPath(new URL('../support', import.meta.url))],
}
const SEED: RunSeed = {
  runId: 'run-1',
  now: '2026-11-24T15:00:00.000Z',
  actor: { kind: 'staff', id: 'staff-1' },
  settings: { words: ['one'] },
}

/** Where it is not the permission model that refuses. */
const NO_PERMISSION: Readonly<Record<string, string>> = {
  sqlite: 'ERR_UNKNOWN_BUILTIN_MODULE',
  eval: 'EvalError',
  newFunction: 'EvalError',
}

const counter = () => {
  let n = 0
  return () => `id-${++n}`
}
const answerCall: Execution['call'] = async (method) => {
  if (method === 'chart.patient') throw new Refusal('not-found', 'There is no such patient in this clinic.', { noun: 'patient' })
  if (method === 'own.select') return [{ id: 'n1', text: 'old', at: new Date('2026-11-01T00:00:00.000Z') }]
  return { id: 'v1', version: 3 }
}

function run(host: Host, name: string, input: unknown, more: Partial<Execution> = {}): Promise<Executed> {
  const handler = `procedure:hostile-child.${name}`
  return host.execute({ plugin: hostileChild, handler, input, seed: SEED, timeoutMs: 5_000, call: answerCall, ...more })
}

/** What came of it, in a form that two hosts can be compared by. */
async function outcome(done: Promise<Executed>): Promise<unknown> {
  try {
    return await done
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { code: error.code, message: error.message, detail: error.detail }
  }
}

const host = isolatedHost(OPTIONS, counter())
const attempt = (probe: string, target: unknown = '', more: Partial<Execution> = {}) =>
  run(host, 'try', { probe, target: String(target) }, more)
const refusalOf = async (done: Promise<Executed>): Promise<Refusal> => {
  const error: unknown = await done.then(
    ({ output }) => new Error(`it got ${JSON.stringify(output)?.slice(0, 200)}`),
    (thrown: unknown) => thrown,
  )
  if (!isRefusal(error)) throw error
  return error
}
const expectServing = async () => expect((await run(host, 'echo', { still: 'here' })).output).toEqual({ still: 'here' })

beforeEach(() => host.reset())
afterAll(() => host.stop())

describe('an honest plugin cannot tell where it lives', () => {
  test.each(['work', 'refuse', 'fail', 'ask', 'nothing-of-the-kind', 'echo'])('%s comes out the same in both hosts', async (name) => {
    const input = { at: new Date(0), big: 5n, nested: { list: [1, null, 'ü'] } }
    const [mine, theirs] = [isolatedHost(OPTIONS, counter()), inProcessHost(counter())]
    try {
      const isolated = await outcome(run(mine, name, input))
      expect(isolated).toEqual(await outcome(run(theirs, name, input)))
    } finally {
      await mine.stop()
    }
  })

  test('fifty runs at once keep their answers apart', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => run(host, 'echo', n)))
    expect(answers.map(({ output }) => output)).toEqual(Array.from({ length: 50 }, (_, n) => n))
  })

  test('the sixty-fifth run at once is refused', async () => {
    await expectServing()
    const codes = await Promise.all(
      Array.from({ length: 65 }, (_, n) =>
        run(host, 'echo', n).then(
          () => 'done',
          (error: Refusal) => error.code,
        ),
      ),
    )
    expect(codes.filter((code) => code !== 'done')).toEqual(['unavailable'])
  })

  test('a process without work ends and the next run starts another', async () => {
    const brief = isolatedHost({ ...OPTIONS, idleMs: 50 }, counter())
    await run(brief, 'echo', 1)
    const first = brief.pid
    await expect.poll(() => brief.pid).toBeUndefined()
    await run(brief, 'echo', 1)
    expect(brief.pid).not.toBe(first)
    await brief.stop()
  })
})

describe('what lies outside of the process is out of reach', () => {
  let server: Server
  let port = 0
  let connections = 0
  const socketPath = join(tmpdir(), `gonio-${process.pid}.sock`)
  const local = createServer(() => connections++)
  beforeAll(async () => {
    server = createServer(() => connections++)
    port = await new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      }),
    )
    await new Promise<void>((resolve) => local.listen(socketPath, resolve))
  })
  afterAll(() => (server.close(), local.close()))

  test.each([
    ['readFile', '/etc/passwd'],
    ['readFile', fileURLToPath(new URL('../../package.json', import.meta.url))],
    ['readEnvironment', ''],
    ['writeFile', join(tmpdir(), 'gonio-written')],
    ['writeFile', fileURLToPath(new URL('../support/written.txt', import.meta.url))],
    ['sqlite', ''],
    ['connect', 'port'],
    ['fetch', 'port'],
    ['dns', ''],
    ['resolve', ''],
    ['unixSocket', socketPath],
    ['listen', ''],
    ['spawn', ''],
    ['fork', ''],
    ['worker', ''],
    ['eval', ''],
    ['newFunction', ''],
  ])('%s %s is refused', async (probe, target) => {
    const { output } = await attempt(probe, target === 'port' ? port : target)
    expect(output).toBe(`refused: ${NO_PERMISSION[probe] ?? 'ERR_ACCESS_DENIED'}`)
    expect(connections).toBe(0)
    if (probe === 'writeFile') expect(existsSync(target)).toBe(false)
    await expectServing()
  })

  // One account for both: then a signal is not refused, and the container has to give the kernel and its plugins two.
  test.skipIf(!IS_ROOT)('a signal to the kernel is refused', async () => {
    expect((await attempt('signal', process.pid)).output).toBe('refused: EPERM')
    await expectServing()
  })

  test('the environment holds the time zone and nothing else', async () => {
    expect((await attempt('environment')).output).toEqual(['TZ'])
  })
})

describe('what a plugin does to its process stays there', () => {
  const ENDS: readonly (readonly [string, string])[] = [
    // V8's own limit or the watch on resident memory: whichever is first.
    ['heap', 'ended by itself|too much memory'],
    ['buffers', 'too much memory'],
    ['exit', 'ended by itself'],
    ['abort', 'ended by itself'],
    ['callFlood', 'more than 10000 times'],
    ['unknownIds', 'nobody asked'],
    ['nonsense', 'not a message'],
    ['strangeEffects', 'not a message'],
    ['badDate', 'not a message'],
    ['endlessLine', 'more than 1 MB'],
  ]
  test.each(ENDS)('%s ends it: %s', async (probe, why) => {
    await host.stop()
    const refusal = await refusalOf(attempt(probe, '', { timeoutMs: 15_000 }))
    expect(refusal).toMatchObject({ code: 'plugin-failed', message: expect.stringMatching(why) })
    expect(isAlive(host.pid)).toBe(false)
    await expectServing()
  })

  test.each(['loop', 'never'])('%s is ended within 200 ms after its deadline', async (probe) => {
    await expectServing()
    const pid = host.pid
    const started = performance.now()
    const { message } = await refusalOf(attempt(probe, '', { timeoutMs: 400 }))
    await expect.poll(() => isAlive(pid), { interval: 5 }).toBe(false)
    expect(performance.now() - started).toBeLessThan(600)
    expect(message).toContain('did not answer within 0.4 s')
    await expectServing()
  })

  test('other runs of a process that is ended are told so', async () => {
    await expectServing()
    const [loop, beside] = [attempt('loop', '', { timeoutMs: 300 }), attempt('never', '', { timeoutMs: 5_000 })].map(refusalOf)
    expect((await loop)?.code).toBe('plugin-failed')
    expect((await beside)?.message).toContain('another run of it did not answer in time')
  })

  test('twelve megabytes on its output are dropped after 64 kB', async () => {
    let heard = 0
    const loud = isolatedHost({ ...OPTIONS, onOutput: (text) => (heard += text.length) }, counter())
    expect((await run(loud, 'try', { probe: 'stdout', target: '' })).output).toBe('printed')
    expect((await run(loud, 'echo', 1)).output).toBe(1)
    expect(heard).toBe(64_000)
    await loud.stop()
  })

  test('a reply of two megabytes is refused and the process lives on', async () => {
    await expectServing()
    const { pid } = host
    expect((await refusalOf(attempt('giantReply'))).code).toBe('too-large')
    await expectServing()
    expect(host.pid).toBe(pid)
  })

  test('a reply cannot reach the prototypes of the kernel', async () => {
    await host.stop()
    const { output } = await attempt('pollution')
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(Object.getPrototypeOf(output)).toBe(Object.prototype)
    await expectServing()
  })

  test('a rejection after the answer ends only the process', async () => {
    await expectServing()
    const { pid } = host
    expect((await attempt('lateRejection')).output).toBe('answered')
    await expect.poll(() => isAlive(pid)).toBe(false)
    await expectServing()
  })

  test('five deaths close the plugin until it is reset', async () => {
    for (let n = 0; n < 5; n++) await refusalOf(attempt('exit'))
    expect((await refusalOf(run(host, 'echo', 1))).message).toContain('five times in ten minutes')
    host.reset()
    await expectServing()
  })
})

test('a call of 1 kB takes its time', async () => {
  const input = { text: 'x'.repeat(1_000) }
  await run(host, 'echo', input)
  const times: number[] = []
  for (let n = 0; n < 500; n++) {
    const started = performance.now()
    await run(host, 'echo', input)
    times.push((performance.now() - started) * 1_000)
  }
  times.sort((a, b) => a - b)
  process.stdout.write(`isolated host, 500 calls of 1 kB: p50 ${times[250]?.toFixed(0)} µs, p99 ${times[495]?.toFixed(0)} µs\n`)
})

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0)
  } catch {
    return false
  }
}
