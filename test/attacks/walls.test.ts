import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/**
 * Invariant 1: sdk imports nothing of ours; plugins import sdk only; core imports no plugin; the console imports API types only.
 * Each wall gets a planted violation, and stands for nothing when its rule is taken out of the file.
 */
const ROOT = join(import.meta.dirname, '..', '..')
const CONFIG = '.dependency-cruiser.cjs'
const FOLDERS = ['packages', 'apps', 'examples', 'scripts', 'test']
/** Fewer files than this means that the rules looked at the wrong place. */
const MIN_FILES = 60
const SKIPPED = /node_modules|\/build\/|\.svelte-kit|^test\/fixtures/

interface Planted {
  readonly rule: string
  readonly path: string
  readonly text: string
}

/** All are planted in one tree; each file must be refused by its own rule and by no other. */
const PLANTED: readonly Planted[] = [
  { rule: 'sdk-imports-nothing-of-ours', path: 'packages/sdk/src/a.ts', text: "export { openDb } from '../../core/src/db/index.ts'" },
  { rule: 'plugins-import-sdk-only', path: 'packages/plugins/one/src/a.ts', text: "export { two } from '../../two/src/index.ts'" },
  {
    rule: 'plugins-import-sdk-only',
    path: 'packages/plugins/one/src/b.ts',
    text: "export type { Db } from '../../../core/src/db/index.ts'",
  },
  {
    rule: 'core-imports-no-plugin',
    path: 'packages/core/src/plugins/a.ts',
    text: "export { two } from '../../../plugins/two/src/index.ts'",
  },
  {
    rule: 'admin-imports-api-types-only',
    path: 'apps/admin/src/a.ts',
    text: "export type { Db } from '../../../packages/core/src/db/index.ts'",
  },
  {
    rule: 'admin-imports-api-types-only',
    path: 'apps/admin/src/b.ts',
    text: "export type { two } from '../../../packages/plugins/two/src/index.ts'",
  },
  {
    rule: 'admin-imports-api-types-only',
    path: 'apps/admin/src/C.svelte',
    text: '<script lang="ts">\nimport { two } from \'../../../packages/plugins/two/src/index.ts\'\n</script>\n{two}',
  },
  { rule: 'admin-runs-no-kernel-code', path: 'apps/admin/src/d.ts', text: "export { api } from '../../../packages/core/src/api/index.ts'" },
  { rule: 'core-doors', path: 'packages/core/src/http/a.ts', text: "export { hidden } from '../api/hidden.ts'" },
  { rule: 'core-doors-from-outside', path: 'packages/core/src/a.ts', text: "export { hidden } from './api/hidden.ts'" },
  { rule: 'core-known-modules', path: 'packages/core/src/misc/a.ts', text: "export { openDb } from '../db/index.ts'" },
  { rule: 'core-layers-db', path: 'packages/core/src/db/a.ts', text: "export { api } from '../api/index.ts'" },
  { rule: 'core-layers-chart', path: 'packages/core/src/chart/a.ts', text: "export type { jobs } from '../jobs/index.ts'" },
  { rule: 'core-layers-api', path: 'packages/core/src/api/a.ts', text: "export { http } from '../http/index.ts'" },
  { rule: 'core-layers-work', path: 'packages/core/src/work/a.ts', text: "export { kernel } from '../kernel.ts'" },
  { rule: 'models-only-through-their-door', path: 'packages/core/src/api/ask.ts', text: "export { generateText } from 'ai'" },
  { rule: 'models-only-through-their-door', path: 'packages/core/src/api/ask-type.ts', text: "export type { generateText } from 'ai'" },
  {
    rule: 'models-only-through-their-door',
    path: 'packages/plugins/one/src/ask.ts',
    text: "export const model = () => import('@ai-sdk/openai-compatible')",
  },
  { rule: 'no-cycle', path: 'packages/sdk/src/circle-too.ts', text: "export { a } from './circle.ts'\nexport const b = 1" },
  { rule: 'no-test-code-in-products', path: 'packages/sdk/src/c.ts', text: "export { t } from './some.test.ts'" },
  { rule: 'no-unresolved', path: 'packages/sdk/src/d.ts', text: "export { gone } from './gone.ts'" },
]

/** What the planted files point at. */
const GROUND: Readonly<Record<string, string>> = {
  'packages/sdk/src/index.ts': 'export const sdk = 1\n',
  'packages/sdk/src/some.test.ts': 'export const t = 1\n',
  'packages/core/src/kernel.ts': 'export const kernel = 1\n',
  'packages/core/src/db/index.ts': 'export type Db = number\nexport const openDb = 1\n',
  'packages/core/src/jobs/index.ts': 'export const jobs = 1\n',
  'packages/core/src/api/index.ts': 'export const api = 1\n',
  'packages/core/src/api/hidden.ts': 'export const hidden = 1\n',
  'packages/core/src/http/index.ts': 'export const http = 1\n',
  'packages/core/src/models/ask.ts': "export { generateText } from 'ai'\nexport { model } from '@ai-sdk/openai-compatible'\n",
  'packages/core/node_modules/ai/package.json': '{ "name": "ai", "version": "7.0.0", "exports": "./index.js" }',
  'packages/core/node_modules/ai/index.js': 'export const generateText = 1\n',
  ...Object.fromEntries(
    ['packages/core', 'packages/plugins/one'].flatMap((of) => [
      [`${of}/node_modules/@ai-sdk/openai-compatible/package.json`, '{ "name": "@ai-sdk/openai-compatible", "exports": "./index.js" }'],
      [`${of}/node_modules/@ai-sdk/openai-compatible/index.js`, 'export const model = 1\n'],
    ]),
  ),
  'packages/plugins/two/src/index.ts': 'export const two = 1\n',
  'apps/admin/src/lib/api.ts': "export type { api } from '../../../../packages/core/src/api/index.ts'\n",
}

interface Verdict {
  /** Names of the broken rules by the file that breaks them. */
  readonly broken: Readonly<Record<string, readonly string[]>>
  readonly cruised: number
}

let folder = ''
let config = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gonio-walls-'))
  config = await readFile(join(ROOT, CONFIG), 'utf8')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs rules on a small tree of its own. */
async function judgeTree(name: string, files: Readonly<Record<string, string>>, rules: string): Promise<Verdict> {
  const tree = join(folder, name)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), `${text}\n`)
  }
  await cp(join(ROOT, 'tsconfig.json'), join(tree, 'tsconfig.json'))
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'))
  await writeFile(join(tree, CONFIG), rules)
  return judge(tree, ['packages', 'apps'])
}

async function judge(cwd: string, folders: readonly string[]): Promise<Verdict> {
  const program = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
  const args = [program, '--config', CONFIG, '--output-type', 'json', ...folders]
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 200_000_000 }, (_error, stdout, stderr) => {
      if (stdout) resolve(stdout)
      else reject(new Error(stderr))
    })
  })
  const { summary } = JSON.parse(output) as { summary: { totalCruised: number; violations: { from: string; rule: { name: string } }[] } }
  const broken: Record<string, string[]> = {}
  for (const { from, rule } of summary.violations) broken[from] = [...new Set([...(broken[from] ?? []), rule.name])].sort()
  return { broken, cruised: summary.totalCruised }
}

const planted = {
  ...Object.fromEntries(PLANTED.map(({ path, text }) => [path, text])),
  // A cycle is reported once, at one of its files.
  'packages/sdk/src/circle.ts': "export { b } from './circle-too.ts'\nexport const a = 1",
}

test('walls hold in this tree, and the rules read all of it', async () => {
  const folders = FOLDERS.filter((name) => existsSync(join(ROOT, name)))
  const verdict = await judge(ROOT, folders)
  expect(verdict.broken).toEqual({})
  const sources = folders.flatMap((name) => globSync(`${name}/**/*.{ts,svelte}`, { cwd: ROOT, exclude: (path) => SKIPPED.test(path) }))
  expect(verdict.cruised).toBeGreaterThanOrEqual(sources.length)
  expect(sources.length).toBeGreaterThanOrEqual(MIN_FILES)
})

test('walls find nothing wrong in a small tree before anything is planted', async () => {
  expect((await judgeTree('clean', GROUND, config)).broken).toEqual({})
})

test('walls refuse every planted violation by its own rule', async () => {
  const { broken } = await judgeTree('planted', { ...GROUND, ...planted }, config)
  expect(broken).toEqual(Object.fromEntries(PLANTED.map(({ path, rule }) => [path, [rule]])))
})

test('walls are their rules: without them the planted violations pass', async () => {
  const names = JSON.stringify(PLANTED.map(({ rule }) => rule))
  const rules = `${config}\nmodule.exports.forbidden = module.exports.forbidden.filter((rule) => !${names}.includes(rule.name))\n`
  expect((await judgeTree('without', { ...GROUND, ...planted }, rules)).broken).toEqual({})
})

test('walls stand in Svelte components also against type imports, which the rules cannot see there', () => {
  const forbidden = /from\s+['"](?:@gonio\/(?!sdk['"]|core\/api['"])|[^'"]*\/packages\/)/
  expect("import type { Db } from '@gonio/core'").toMatch(forbidden)
  expect("import type { two } from '../../../packages/plugins/two/src/index.ts'").toMatch(forbidden)
  expect("import type { Api } from '@gonio/core/api'").not.toMatch(forbidden)
  const components = globSync('apps/*/src/**/*.svelte', { cwd: ROOT })
  expect(components.filter((path) => forbidden.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([])
})
