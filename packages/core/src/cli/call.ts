import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { parseWith, Refusal, startRun, toJson } from '@gonio/sdk'
import type { Plugin } from '@gonio/sdk'

import type { Viewer } from '../identity/index.ts'
import type { Kernel } from '../kernel.ts'
import type { Flags } from './flags.ts'
import { loadClinic } from './clinic.ts'

const MAX_INPUT_BYTES = 32_000_000

/** Runs one procedure with JSON in and out. A pure one needs nothing but its code; another opens the clinic's database as a member of staff. */
export async function call(name: string, flags: Flags, json?: string): Promise<number> {
  const { clinic } = await loadClinic(flags)
  const plugin = pluginOf(clinic.plugins, name)
  const procedure = plugin.procedures.get(name)
  const handler = plugin.handlers.get(`procedure:${name}`)
  if (procedure === undefined || handler === undefined) {
    throw new Refusal('not-found', `Plugin ${plugin.id} has no procedure ${name}. It has: ${[...plugin.procedures.keys()].join(', ')}.`)
  }
  const input = json === undefined ? await readInput(flags.input) : parseInline(json)
  if (procedure.access !== 'pure') return callInClinic(name, input, flags)
  const parsed = await parseWith(procedure.input, input, `The input of ${name}`)
  const output = await parseWith(procedure.output, await handler(parsed, noRun()), `The answer of ${name}`)
  console.log(JSON.stringify(output, null, 2))
  return 0
}

function parseInline(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new Refusal('invalid-input', 'The input after the name is not JSON. Quote it for the shell, or use --input FILE.')
  }
}

/** Prints the JSON Schemas of a procedure, the procedures of a plugin, or the plugins. */
export async function describe(name: string | undefined, flags: Flags): Promise<number> {
  const { clinic } = await loadClinic(flags)
  if (name === undefined) {
    for (const plugin of clinic.plugins) console.log(`${plugin.id.padEnd(16)} ${plugin.summary}`)
    return 0
  }
  const plugin = pluginOf(clinic.plugins, name)
  const procedure = plugin.procedures.get(name)
  if (procedure === undefined) {
    if (name.includes('.'))
      throw new Refusal('not-found', `Plugin ${plugin.id} has no procedure ${name}. It has: ${[...plugin.procedures.keys()].join(', ')}.`)
    for (const [each, { access, summary }] of plugin.procedures) console.log(`${each.padEnd(32)} ${access.padEnd(14)} ${summary}`)
    return 0
  }
  const { summary, access } = procedure
  console.log(
    JSON.stringify({ name, summary, access, input: toJson(procedure.input, 'input'), output: toJson(procedure.output, 'output') }, null, 2),
  )
  return 0
}

function pluginOf(plugins: readonly Plugin[], name: string): Plugin {
  const plugin = plugins.find((candidate) => candidate.id === name.split('.')[0])
  if (plugin === undefined)
    throw new Refusal('not-found', `There is no plugin ${name.split('.')[0]}. There are: ${plugins.map((each) => each.id).join(', ')}.`)
  return plugin
}

/** JSON from a file or standard input. A file that is no JSON (an X12 file, a fax text) is passed on as `{ base64 }`. */
async function readInput(from: string | undefined): Promise<unknown> {
  if (from === undefined) throw new Refusal('invalid-input', 'Say where the input is: --input FILE, or --input - for standard input.')
  const bytes =
    from === '-' ? await readStandardInput() : await readFile(resolve(process.env['INIT_CWD'] ?? process.cwd(), from)).catch(() => null)
  if (bytes === null) throw new Refusal('not-found', `The file ${from} cannot be read.`)
  if (bytes.length > MAX_INPUT_BYTES) throw new Refusal('too-large', 'The input may have at most 32 MB.')
  const text = bytes.toString('utf8')
  if (!/^\s*[[{"\dtfn-]/.test(text)) return { base64: bytes.toString('base64') }
  try {
    return JSON.parse(text)
  } catch {
    return { base64: bytes.toString('base64') }
  }
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

async function callInClinic(name: string, input: unknown, flags: Flags): Promise<number> {
  const { as } = flags
  if (as === undefined) {
    throw new Refusal(
      'not-signed-in',
      `${name} reads the clinic's database. Say as whom: --as E-MAIL of a member of staff; the audit log will name them.`,
    )
  }
  // A pure procedure never loads the kernel.
  const { withKernel } = await import('./open.ts')
  return withKernel(flags, async (kernel) => {
    const { output } = await kernel
      .callerFor(await viewerByEmail(kernel, as))
      .plugins.invoke({ procedure: name, input: JSON.parse(JSON.stringify(input)) })
    console.log(JSON.stringify(output, null, 2))
    return 0
  })
}

async function viewerByEmail(kernel: Kernel, email: string): Promise<Viewer> {
  for (const organizationId of await kernel.organizations()) {
    const { staffViewer } = await import('../identity/index.ts')
    const viewer = await staffViewer(kernel.db, organizationId, email).catch(() => null)
    if (viewer !== null) return viewer
  }
  throw new Refusal('not-found', 'No active member of staff has this e-mail address.')
}

/** A pure procedure that reaches for its run is not pure; it is told so. */
function noRun() {
  const refuse = (): never => {
    throw new Refusal('plugin-failed', 'A pure procedure has no run: it may only use its input.')
  }
  const seed = { runId: '', now: '', actor: { kind: 'system', id: null }, settings: {} } as const
  return startRun(seed, { call: refuse, newId: refuse, signal: new AbortController().signal }).run
}
