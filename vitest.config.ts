import { configDefaults, defineConfig } from 'vitest/config'

const DATABASE = ['./test/support/database.setup.ts']
/** Suites that start whole kernels run one file at a time; their tests talk to a real PostgreSQL. */
const SUITES = ['rules', 'stories', 'attacks', 'faults', 'browser']
const PLAIN = ['packages/{sdk,plugins/*}/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts']

export default defineConfig({
  test: {
    include: [],
    // Long ones (load, soak, whole days) are named *.full.test.ts; `npm run test:full` runs them too.
    exclude: [...configDefaults.exclude, ...(process.env['GONIO_FULL'] ? [] : ['**/*.full.test.ts'])],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'plain', include: PLAIN } },
      { extends: true, test: { name: 'core', include: ['packages/core/**/*.test.ts'], globalSetup: DATABASE } },
      ...SUITES.map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          globalSetup: DATABASE,
          fileParallelism: name === 'rules',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      })),
    ],
  },
})
