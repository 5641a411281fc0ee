/** The walls of ARCHITECTURE.md as rules. Each has a planted violation in test/attacks/walls.test.ts. */

/** Modules of the kernel, lowest layer first; modules of one layer do not see each other. */
const LAYERS = [
  ['db'],
  ['audit'],
  ['identity'],
  ['chart', 'jobs'],
  ['approvals', 'deliveries'],
  ['work'],
  ['models', 'plugins'],
  ['api'],
  ['http'],
]
const CORE = '^packages/core/src'
/** Tests, and what only they use. */
const TEST = '(?:[.]test|/test-[^/]+)[.]ts$'

const layerRules = LAYERS.flatMap((modules, layer) =>
  modules.map((name) => {
    const forbidden = LAYERS.slice(layer)
      .flat()
      .filter((other) => other !== name)
    return {
      name: `core-layers-${name}`,
      severity: 'error',
      comment: `${name}/ may import only modules below it. Move the shared part down, or turn the call around with a hook that kernel.ts connects.`,
      from: { path: `${CORE}/${name}/`, pathNot: TEST },
      to: { path: `${CORE}/(?:(?:${[...forbidden, 'cli', 'testing'].join('|')})/|kernel[.]ts$|index[.]ts$)` },
    }
  }),
)

module.exports = {
  forbidden: [
    {
      name: 'sdk-imports-nothing-of-ours',
      severity: 'error',
      comment: 'The SDK is what vendors build against: it stands alone.',
      from: { path: '^packages/sdk/' },
      to: { path: '^(?:packages/(?!sdk/)|apps/|examples/|scripts/|test/)' },
    },
    {
      name: 'plugins-import-sdk-only',
      severity: 'error',
      comment: 'A plugin sees the SDK and itself. Use an extension point, an event or a procedure to reach another one.',
      from: { path: '^packages/plugins/([^/]+)/' },
      to: { path: '^(?:packages/|apps/|examples/|scripts/|test/)', pathNot: '^packages/(?:sdk/|plugins/$1/)' },
    },
    {
      name: 'core-imports-no-plugin',
      severity: 'error',
      comment: 'The kernel never names a plugin: it finds them at run time.',
      from: { path: '^packages/core/' },
      to: { path: '^(?:packages/plugins/|apps/|examples/|scripts/|test/)' },
    },
    {
      name: 'admin-imports-api-types-only',
      severity: 'error',
      comment: "The console reads the types of @gonio/core/api and the SDK's words, nothing else of ours.",
      from: { path: '^apps/' },
      to: { path: '^(?:packages/|examples/|scripts/|test/)', pathNot: '^packages/(?:sdk/|core/src/api/index[.]ts$)' },
    },
    {
      name: 'admin-runs-no-kernel-code',
      severity: 'error',
      comment: 'Write `import type`: the console calls the kernel over tRPC only.',
      from: { path: '^apps/', pathNot: TEST },
      to: { path: '^packages/core/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-doors',
      severity: 'error',
      comment: "Import the other module's index.ts, and widen that door if a name is missing.",
      from: { path: `${CORE}/([^/]+)/` },
      to: { path: `${CORE}/[^/]+/`, pathNot: [`${CORE}/$1/`, `${CORE}/[^/]+/index[.]ts$`] },
    },
    {
      name: 'core-doors-from-outside',
      severity: 'error',
      comment: "Import the module's index.ts.",
      from: { path: [`${CORE}/[^/]+[.]ts$`, '^(?:examples|scripts|test)/'] },
      to: { path: `${CORE}/[^/]+/`, pathNot: `${CORE}/[^/]+/index[.]ts$` },
    },
    {
      name: 'core-known-modules',
      severity: 'error',
      comment: 'A new module of the kernel needs its place in LAYERS above, and in ARCHITECTURE.md.',
      from: { path: `${CORE}/(?!(?:${[...LAYERS.flat(), 'cli', 'testing'].join('|')})/)[^/]+/` },
      to: {},
    },
    {
      name: 'models-only-through-their-door',
      severity: 'error',
      comment:
        'Call callModel() of models/: the model library sends prompts to telemetry and puts them into its errors unless told otherwise.',
      from: { path: '^(?:packages|apps|examples|scripts|test)/', pathNot: `${CORE}/models/` },
      to: { path: ['(?:^|/)node_modules/(?:ai|@ai-sdk)/', '^(?:ai|@ai-sdk)(?:/|$)'] },
    },
    ...layerRules,
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Two files that import each other are one file; move what they share into a third.',
      // A Svelte component that draws a tree imports itself.
      from: { path: '^(.+)$' },
      to: { circular: true, pathNot: '^$1$' },
    },
    {
      name: 'no-test-code-in-products',
      severity: 'error',
      comment: 'Test code stays in tests; what plugins may use in theirs is @gonio/sdk/testing.',
      from: { path: '^(?:packages|apps)/', pathNot: [TEST, '/testing/'] },
      to: { path: [TEST, '^test/', '(?:^|/)vitest/'] },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      comment: 'An import that leads nowhere hides from every other rule.',
      from: { pathNot: '^apps/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/build/', '/[.]svelte-kit/', '^test/fixtures/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.svelte'],
    },
    skipAnalysisNotInRules: true,
  },
}
