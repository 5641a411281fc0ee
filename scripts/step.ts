import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')

export interface Step {
  readonly name: string
  /** A program of node_modules/.bin. */
  readonly program: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Lets the program write to the terminal while it runs; else its output is shown only when it fails. */
  readonly live?: boolean
}

const STEP_TIMEOUT_MS = 40 * 60_000
const MAX_OUTPUT_CHARS = 200_000

/** Runs one step, prints one line with its time, and its output when it failed. */
export async function runStep(step: Step): Promise<boolean> {
  const started = performance.now()
  const cwd = step.cwd ?? ROOT
  const local = join(cwd, 'node_modules', '.bin', step.program)
  const program = existsSync(local) ? local : join(ROOT, 'node_modules', '.bin', step.program)
  const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve) => {
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARS)
    }
    const child = spawn(program, step.args, {
      cwd,
      env: { ...process.env, ...step.env },
      stdio: step.live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      timeout: STEP_TIMEOUT_MS,
    })
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code, output }))
  })
  if (code !== 0 && output) console.log(output.trimEnd())
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${step.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  return code === 0
}

/** What needs no database and no browser. */
export function quickChecks(): Step[] {
  const folders = ['packages', 'apps', 'examples', 'scripts', 'test'].filter((folder) => existsSync(join(ROOT, folder)))
  return [
    { name: 'types', program: 'tsc', args: ['-p', '.'] },
    { name: 'lint', program: 'oxlint', args: [] },
    ...(existsSync(join(ROOT, 'apps'))
      ? [{ name: 'lint: console', program: 'oxlint', args: ['-c', '.oxlintrc.console.json', 'apps'] }]
      : []),
    { name: 'format', program: 'oxfmt', args: ['--check'] },
    { name: 'unused files and packages', program: 'knip', args: ['--no-progress', '--no-config-hints'] },
    { name: 'walls', program: 'depcruise', args: ['--config', '.dependency-cruiser.cjs', ...folders] },
  ]
}

/** The console's own type check; none while there is no console. */
export function consoleChecks(): Step[] {
  const cwd = join(ROOT, 'apps', 'admin')
  if (!existsSync(join(cwd, 'package.json'))) return []
  return [
    { name: 'console: prepare', program: 'svelte-kit', args: ['sync'], cwd },
    { name: 'console: types', program: 'svelte-check', args: ['--tsconfig', './tsconfig.json', '--fail-on-warnings'], cwd },
  ]
}
