import { encode, isRefusal, Refusal } from '@gonio/sdk'

import type { Executed, Execution } from './host.ts'
import { readMessage } from './isolated-messages.ts'
import type { FromPlugin } from './isolated-messages.ts'
import { startProcess } from './isolated-process.ts'
import type { PluginProcess, ProcessOptions } from './isolated-process.ts'
import { watchMemory } from './isolated-watch.ts'

export interface SessionOptions extends ProcessOptions {
  /** Default 256 MB. */
  readonly maxResidentBytes?: number
  /** How long the plugin may take to load. Default 10 s. */
  readonly startTimeoutMs?: number
}

interface Running {
  readonly execution: Execution
  readonly timer: NodeJS.Timeout
  calls: number
  resolve(done: Executed): void
  reject(error: Error): void
}

const MAX_RUNNING = 64
const MAX_CALLS = 10_000
const MAX_UNANSWERED = 256
const MAX_STRAYS = 100
const IDS_AHEAD = 8

/** One life of a plugin's process. Whatever breaks the protocol or a limit ends it, and with it everything that ran in it. */
export class Session {
  readonly #options: SessionOptions
  readonly #newId: () => string
  readonly #onEnd: (broken: boolean) => void
  readonly #running = new Map<number, Running>()
  readonly #process: PluginProcess
  readonly #unwatch: () => void
  readonly #ready = Promise.withResolvers<void>()
  readonly #starting: NodeJS.Timeout
  #over: Refusal | null = null
  #lastId = 0
  #unanswered = 0
  #strays = 0

  constructor(options: SessionOptions, newId: () => string, onEnd: (broken: boolean) => void) {
    this.#options = options
    this.#newId = newId
    this.#onEnd = onEnd
    this.#ready.promise.catch(() => {})
    const end = (why: string) => (): void => this.#end(why, true)
    this.#process = startProcess(options, { frame: (text) => this.#receive(text), tooLong: end('it sent more than 1 MB at once') })
    this.#unwatch = watchMemory(this.#process.pid, options.maxResidentBytes ?? 256_000_000, end('it used too much memory'))
    this.#starting = setTimeout(end('it did not load in time'), options.startTimeoutMs ?? 10_000).unref()
    void this.#process.ended.then(end('it ended by itself'))
  }

  get idle(): boolean {
    return this.#running.size === 0
  }

  get pid(): number {
    return this.#process.pid
  }

  /** The deadline counts from here once the plugin is loaded. */
  async execute(execution: Execution): Promise<Executed> {
    await this.#ready.promise
    if (this.#over !== null) throw this.#over
    if (this.#running.size >= MAX_RUNNING)
      throw new Refusal('unavailable', `Plugin ${this.#options.pluginId} already has ${MAX_RUNNING} runs under way. Try again in a moment.`)
    const { handler, input, seed } = execution
    const id = ++this.#lastId
    const text = encode({ id, handler, input, seed, ids: Array.from({ length: IDS_AHEAD }, this.#newId) })
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#expire(id), execution.timeoutMs)
      this.#running.set(id, { execution, timer, calls: 0, resolve, reject })
      this.#process.send(text)
    })
  }

  /** Ends the process without holding it against the plugin. */
  async stop(): Promise<void> {
    this.#end('the kernel stopped it', false)
    await this.#process.ended
  }

  #expire(id: number): void {
    const { pluginId } = this.#options
    const late = this.#take(id)
    late?.reject(
      new Refusal(
        'plugin-failed',
        `Plugin ${pluginId} did not answer within ${late.execution.timeoutMs / 1_000} s; nothing of it was kept.`,
      ),
    )
    this.#end('another run of it did not answer in time', true)
  }

  #end(why: string, broken: boolean): void {
    if (this.#over !== null) return
    this.#over = new Refusal(
      'plugin-failed',
      `The process of plugin ${this.#options.pluginId} was ended: ${why}. Nothing of the run was kept.`,
    )
    this.#process.kill()
    this.#unwatch()
    clearTimeout(this.#starting)
    this.#ready.reject(this.#over)
    for (const id of this.#running.keys()) this.#take(id)?.reject(this.#over)
    this.#onEnd(broken)
  }

  #take(id: number): Running | undefined {
    const running = this.#running.get(id)
    this.#running.delete(id)
    clearTimeout(running?.timer)
    return running
  }

  #receive(text: string): void {
    if (this.#over !== null) return
    const message = readMessage(text)
    if (message === null) return this.#end('it sent what is not a message', true)
    if ('ready' in message) {
      clearTimeout(this.#starting)
      return this.#ready.resolve()
    }
    const running = this.#running.get(message.id)
    if (running === undefined) return this.#noteStray(message.id)
    if ('call' in message) return this.#answer(running, message)
    this.#take(message.id)
    if ('failure' in message) running.reject(failed(running.execution, message.failure))
    else if ('refusal' in message) running.reject(new Refusal(message.refusal.code, message.refusal.message, message.refusal.detail))
    else running.resolve({ output: message.output, effects: message.effects })
  }

  /** A handler that forgot to await may still ask after its run; an id that never was is forged. */
  #noteStray(id: number): void {
    this.#strays += 1
    if (id > this.#lastId || this.#strays > MAX_STRAYS) this.#end('it answered what nobody asked', true)
  }

  #answer(running: Running, { call, method, args }: Extract<FromPlugin, { call: number }>): void {
    running.calls += 1
    if (running.calls > MAX_CALLS) return this.#end(`one run asked the kernel more than ${MAX_CALLS} times`, true)
    // What is asked waits in the channel, and the plugin with it, until the kernel has answered what came before.
    if (++this.#unanswered >= MAX_UNANSWERED) this.#process.pause()
    void running.execution
      .call(method, args)
      .then((answer) => encode({ call, answer }))
      .catch((error: unknown) => encode({ call, ...told(error) }))
      .then((text) => {
        if (--this.#unanswered < MAX_UNANSWERED) this.#process.resume()
        if (this.#over === null) this.#process.send(text)
      })
  }
}

function told(error: unknown): object {
  if (isRefusal(error)) return { refusal: { code: error.code, message: error.message, detail: error.detail } }
  const known = [TypeError, RangeError, ReferenceError, SyntaxError].find((type) => error instanceof type)
  return { failure: known?.name ?? 'Error' }
}

/** The plugin's own text may hold patient data and never comes this far. */
function failed(execution: Execution, error: string): Refusal {
  return new Refusal('plugin-failed', `Plugin ${execution.plugin.id} failed in ${execution.handler}. Nothing of it was kept.`, { error })
}
