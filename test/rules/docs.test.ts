import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { expect, test } from 'vitest'

import { referencePages } from '../../scripts/reference.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...listPages('docs'),
  ...listPages('packages/plugins'),
  ...listPages('apps/admin'),
]
/** Commands that other tests run: test/faults/start.test.ts, the gate itself, the unit tests. */
const RUN_ELSEWHERE = ['npm start', 'npm test', 'npm run test:full', 'pnpm check', 'pnpm vitest run examples/hello-plugin']

function listPages(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules') && !name.includes('build/') && !name.includes('.svelte-kit'))
    .map((name) => join(folder, name))
}

test('every relative link in the docs leads somewhere', () => {
  expect(PAGES.length).toBeGreaterThan(15)
  const broken = PAGES.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '')
    return links.filter((link) => !existsSync(join(ROOT, dirname(page), link))).map((link) => `${page}: ${link}`)
  })
  expect(broken).toEqual([])
})

test('the files that ARCHITECTURE.md names exist, and it stays short', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  expect(text.split('\n').length).toBeLessThanOrEqual(150)
  const named = [...text.matchAll(/`((?:packages|test|examples|scripts)\/[\w./-]+)`/g)].map((match) => match[1] ?? '')
  expect(named.length).toBeGreaterThan(15)
  expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
})

test('the pages made from the code are as the code is (else: node scripts/reference.ts)', () => {
  for (const [name, text] of referencePages()) expect(readFileSync(join(ROOT, 'docs/reference', name), 'utf8'), name).toBe(text)
})

test('the commands of README and the guides run', { timeout: 120_000 }, async () => {
  const blocks = ['README.md', 'CONTRIBUTING.md', ...listPages('docs')].flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((match) => (match[1] ?? '').trim().split('\n')),
  )
  expect(blocks.length).toBeGreaterThan(6)
  for (const line of new Set(blocks)) {
    if (RUN_ELSEWHERE.includes(line)) continue
    // verify-audit and doctor look at the data folder of this machine; test/rules/command-line.test.ts runs the first beside a clinic.
    if (line === 'pnpm -s gonio verify-audit' || line === 'pnpm -s gonio doctor') continue
    const { code, error } = await run(line.replaceAll('pnpm -s gonio', `"${process.execPath}" packages/core/src/cli/gonio.ts`))
    expect({ line, code, error }).toEqual({ line, code: 0, error: '' })
  }
})

function run(command: string): Promise<{ code: number; error: string }> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', command], { cwd: ROOT, maxBuffer: 64_000_000 }, (failure, _, error) =>
      resolve({ code: typeof failure?.code === 'number' ? failure.code : 0, error }),
    )
  })
}
