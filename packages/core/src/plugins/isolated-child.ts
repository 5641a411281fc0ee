/**
 * Runs in the plugin's own process and may read only the plugin and the SDK. It loads the plugin, takes executions from the channel and
 * sends back what came of them. Nothing here is a wall: the plugin can change all of it, so the kernel checks whatever this sends.
 */
import { registerHooks } from 'node:module'
import { Socket } from 'node:net'

import type { Plugin, Refusal as RefusalType, RunSeed } from '@gonio/sdk'

import { uuidv7 } from '../clock.ts'
import { asFrame, MAX_MESSAGE_BYTES, readFrames } from './isolated-frames.ts'

const MAX_INPUT_BYTES = 64_000_000
const { moduleUrl, exportName, provided } = JSON.parse(process.argv[2] ?? '{}')

// A plugin gets the kernel's SDK; the SDK's libraries too, unless it brings its own. Looking for them outside of its folder is not allowed.
registerHooks({
  resolve(specifier, context, next) {
    const url: unknown = Object.hasOwn(provided, specifier) ? provided[specifier] : undefined
    if (typeof url !== 'string') return next(specifier, context)
    if (specifier === '@gonio/sdk') return { url, shortCircuit: true }
    try {
      return next(specifier, context)
    } catch {
      return { url, shortCircuit: true }
    }
  },
})
const { decode, Defect, encode, isRefusal, Refusal, startRun } = await import('@gonio/sdk')
const plugin: Plugin = Reflect.get(await import(moduleUrl), exportName)

interface Asked {
  readonly id: number
  readonly handler: string
  readonly input: unknown
  readonly seed: RunSeed
  readonly ids: string[]
}
interface Answered {
  readonly call: number
  readonly answer?: unknown
  readonly refusal?: Pick<RefusalType, 'code' | 'message' | 'detail'>
  readonly failure?: string
}
const BUILT_IN = [TypeError, RangeError, ReferenceError, SyntaxError, Error]
const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: unknown): void }>()
let calls = 0

const socket = new Socket({ fd: 3 })
socket.on(
  'data',
  readFrames({ maxBytes: MAX_INPUT_BYTES, frame: (text) => receive(trustKernel(decode(text))), tooLong: () => process.exit(1) }),
)
socket.on('close', () => process.exit(0))
send({ ready: true })

function receive(message: Asked | Answered): void {
  if ('handler' in message) return void execute(message)
  const call = waiting.get(message.call)
  waiting.delete(message.call)
  const { refusal, failure } = message
  if (refusal !== undefined) call?.reject(new Refusal(refusal.code, refusal.message, refusal.detail))
  else if (failure !== undefined) call?.reject(new (BUILT_IN.find(({ name }) => name === failure) ?? Error)('The kernel failed.'))
  else call?.resolve(message.answer)
}

/** The kernel's messages have the shape of the protocol. */
function trustKernel(value: unknown): never {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as never
}

async function execute({ id, handler, input, seed, ids }: Asked): Promise<void> {
  try {
    const handle = plugin.handlers.get(handler)
    if (handle === undefined) throw new Defect(`Plugin ${plugin.id} has no handler for ${handler}.`)
    const { run, effects } = startRun(seed, {
      call: (method, args) => ask(id, method, args),
      newId: () => ids.shift() ?? uuidv7(Date.now()),
      signal: new AbortController().signal,
    })
    const output = await handle(input, run)
    send({ id, output, effects })
  } catch (error) {
    send({ id, ...told(error) })
  }
}

function ask(id: number, method: string, args: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = ++calls
    waiting.set(call, { resolve, reject })
    send({ call, id, method, args })
  })
}

function told(error: unknown): object {
  if (isRefusal(error)) return { refusal: { code: error.code, message: String(error.message), detail: { ...error.detail } } }
  return { failure: BUILT_IN.find((known) => error instanceof known)?.name ?? 'unknown' }
}

function send(message: object): void {
  const text = encode(message)
  if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES)
    throw new Refusal('too-large', 'A plugin may send at most 1 MB at a time. Send less, or split the job.')
  socket.write(asFrame(text))
}
