import { definePlugin, encode, Refusal } from '@gonio/sdk'
import { fork, spawnSync } from 'node:child_process'
import dns from 'node:dns/promises'
import fs from 'node:fs'
import net from 'node:net'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'

interface Tables {
  note: { id: string; text: string; at: Date }
}
type Probe = (target: string) => unknown

const connect = (to: net.NetConnectOpts): Promise<string> =>
  new Promise((resolve, reject) =>
    net
      .connect(to)
      .once('connect', () => resolve('connected'))
      .once('error', reject),
  )
/** Writes to the channel behind the back of the host's own code. */
const say = (message: unknown): void => pour(Buffer.from(`${typeof message === 'string' ? message : encode(message)}\n`))
function pour(bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += fs.writeSync(3, bytes, at)
    } catch {
      // The channel is full: try again until the kernel has read some of it.
    }
  }
}
const codeOf = (error: unknown): string => {
  const { code, cause, name } = Object(error)
  return cause === undefined ? `${code ?? name}` : codeOf(cause)
}

/** Each answers with what it got away with. */
const PROBES: Readonly<Record<string, Probe>> = {
  readFile: (path) => fs.readFileSync(path, 'utf8').length,
  writeFile: (path) => fs.writeFileSync(path, 'x'),
  readEnvironment: () => fs.readFileSync(`/proc/${process.ppid}/environ`, 'utf8').length,
  sqlite: async () => Object.keys(await import('node:sqlite')),
  connect: (port) => connect({ host: '127.0.0.1', port: Number(port) }),
  fetch: async (port) => (await fetch(`http://127.0.0.1:${port}/`)).status,
  dns: () => dns.lookup('example.com'),
  resolve: () => dns.resolve4('example.com'),
  unixSocket: (path) => connect({ path }),
  listen: () =>
    new Promise((resolve, reject) =>
      net
        .createServer()
        .once('error', reject)
        .listen(0, () => resolve('listening')),
    ),
  spawn: () => {
    const { error, stdout } = spawnSync('/bin/sh', ['-c', 'id'])
    if (error !== undefined) throw error
    return String(stdout)
  },
  fork: () => fork('/tmp/x.js').pid,
  worker: () => new Worker('1', { eval: true }).threadId,
  signal: (pid) => process.kill(Number(pid), 0),
  environment: () => Object.keys(process.env),
  // oxlint-disable-next-line no-eval
  eval: () => (0, eval)('1 + 1'),
  // oxlint-disable-next-line typescript/no-implied-eval
  newFunction: () => new Function('return 1')(),
  loop: () => {
    for (;;);
  },
  never: () => new Promise(() => {}),
  heap: () => {
    const held: unknown[] = []
    for (;;) held.push(Array.from({ length: 10_000 }, (_, n) => ({ n })))
  },
  buffers: async () => {
    const held: Buffer[] = []
    for (;;) {
      held.push(Buffer.alloc(20_000_000, 1))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  },
  stdout: () => {
    for (let n = 0; n < 200; n++) fs.writeSync(1, 'x'.repeat(60_000))
    return 'printed'
  },
  callFlood: () => {
    for (let n = 1; ; n++) say({ call: n, id: 1, method: 'chart.clinic', args: {} })
  },
  unknownIds: () => {
    for (let n = 0; n < 3; n++) say({ id: 9_000 + n, output: 'forged', effects: [] })
    return new Promise(() => {})
  },
  nonsense: () => (say('{"not json'), new Promise(() => {})),
  strangeEffects: () => (say({ id: 1, output: 1, effects: [null] }), new Promise(() => {})),
  badDate: () => (say('{"id":1,"output":{"$gonio":"date","value":"never"},"effects":[]}'), new Promise(() => {})),
  endlessLine: async () => {
    for (;;) pour(Buffer.alloc(50_000, 'x'))
  },
  giantReply: () => 'x'.repeat(2_000_000),
  pollution: () => (say('{"id":1,"output":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"effects":[]}'), 0),
  exit: () => process.exit(7),
  abort: () => process.abort(),
  lateRejection: () => (setTimeout(() => void Promise.reject(new Error('late')), 20), 'answered'),
}

export const hostileChild = definePlugin<Tables>()({
  id: 'hostile-child',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Hostile',
  summary: 'Tries what a process may do.',
  permissions: ['own-data:write', 'event:emit', 'visit:read'],
  settings: z.object({ words: z.array(z.string()) }),
  setup(plugin) {
    plugin.procedure(
      'hostile-child.try',
      {
        input: z.object({ probe: z.string(), target: z.string() }),
        output: z.unknown(),
        access: 'proposal:read',
        summary: 'Tries one thing',
      },
      async ({ probe, target }) => {
        try {
          return (await PROBES[probe]?.(target)) ?? null
        } catch (error) {
          return `refused: ${codeOf(error)}`
        }
      },
    )
    plugin.procedure(
      'hostile-child.echo',
      { input: z.unknown(), output: z.unknown(), access: 'proposal:read', summary: 'Answers with what it was given' },
      async (input) => input,
    )
    plugin.procedure(
      'hostile-child.work',
      { input: z.unknown(), output: z.unknown(), access: 'proposal:read', summary: 'What an honest plugin does' },
      async (input, run) => {
        const visit = await run.chart.visit(run.newId())
        const rows = await run.tables.selectFrom('note').selectAll().where('at', '<', new Date(run.now)).execute()
        await run.tables
          .insertInto('note')
          .values({ id: run.newId(), text: 'seen', at: new Date(run.now) })
          .execute()
        run.emit('hostile-child.seen', { visitId: visit.id })
        run.enqueue('hostile-child.later', { n: rows.length }, { afterSeconds: 5 })
        const proposalId = run.propose({
          action: 'x.do',
          title: 'Do',
          payload: { at: new Date(run.now), bytes: new Uint8Array([1, 2]) },
          refs: {},
          evidence: [],
        })
        return { input, proposalId, rows, date: rows[0]?.at instanceof Date, settings: run.settings, actor: run.actor }
      },
    )
    plugin.procedure(
      'hostile-child.refuse',
      { input: z.unknown(), output: z.unknown(), access: 'proposal:read', summary: 'Refuses' },
      async () => Promise.reject(new Refusal('slot-taken', 'Another visit is booked then.', { visitId: 'v1' })),
    )
    plugin.procedure(
      'hostile-child.fail',
      { input: z.unknown(), output: z.unknown(), access: 'proposal:read', summary: 'Fails' },
      async () => Promise.reject(new TypeError('Rosa Gomez is not a function')),
    )
    plugin.procedure(
      'hostile-child.ask',
      { input: z.unknown(), output: z.unknown(), access: 'proposal:read', summary: 'Asks what the kernel refuses' },
      async (_input, run) => run.chart.patient('p1'),
    )
  },
})
