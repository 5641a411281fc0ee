/** `npm test`: the whole gate. Checks, then every suite on one real PostgreSQL; the last line says how many passed and failed. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addCounts, closingLine, countResults, exitCodeOf, NOTHING } from './results.ts'
import type { Counts } from './results.ts'
import { consoleChecks, quickChecks, ROOT, runStep } from './step.ts'

const FULL = process.env['GONIO_FULL'] === '1'

const SUITES = [
  { name: 'unit', projects: ['plain', 'core'], files: '{packages,apps,examples,scripts}/**/*.test.ts' },
  ...['rules', 'stories', 'attacks', 'faults', 'browser'].map((name) => ({ name, projects: [name], files: `test/${name}/**/*.test.ts` })),
]

const started = performance.now()
const folder = mkdtempSync(join(tmpdir(), 'gonio-results-'))
let total: Counts = NOTHING

for (const step of [...quickChecks(), ...consoleChecks()]) {
  total = addCounts(total, (await runStep(step)) ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 })
}
total = addCounts(total, await runSuites())
rmSync(folder, { recursive: true, force: true })
console.log(`\nAll in ${((performance.now() - started) / 1000).toFixed(0)} s`)
console.log(closingLine(total))
process.exitCode = exitCodeOf(total)

async function runSuites(): Promise<Counts> {
  const database = await openDatabase()
  if (!database) return { ...NOTHING, failed: 1 }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void database.close().finally(() => process.exit(130)))
  }
  let counts: Counts = NOTHING
  try {
    for (const suite of SUITES) counts = addCounts(counts, await runSuite(suite, database.url))
  } finally {
    await database.close()
  }
  return counts
}

async function runSuite(suite: (typeof SUITES)[number], databaseUrl: string): Promise<Counts> {
  const files = globSync(suite.files, {
    cwd: ROOT,
    exclude: (path) => path.includes('node_modules') || (!FULL && path.endsWith('.full.test.ts')),
  })
  if (files.length === 0) {
    console.log(`--   ${suite.name}: no tests in this tree`)
    return NOTHING
  }
  const report = join(folder, `${suite.name}.json`)
  const projects = suite.projects.flatMap((project) => ['--project', project])
  const ok = await runStep({
    name: suite.name,
    program: 'vitest',
    args: ['run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    env: { GONIO_TEST_DATABASE_URL: databaseUrl },
    live: true,
  })
  return countResults(readReport(report), ok)
}

function readReport(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Loaded late, so that a broken kernel still shows the checks above. */
async function openDatabase(): Promise<{ url: string; close: () => Promise<void> } | undefined> {
  const given = process.env['GONIO_TEST_DATABASE_URL']
  if (given) return { url: given, close: async () => {} }
  try {
    const { openTestServer } = await import('../test/support/test-server.ts')
    const { server, close } = await openTestServer()
    return { url: server.url, close }
  } catch (error) {
    console.log(error)
    console.log('FAIL test database')
    return undefined
  }
}
