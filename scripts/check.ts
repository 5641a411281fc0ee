/** `pnpm check`: the quick loop while you write. Types, lint, format, walls, and the tests that need no database. */
import { quickChecks, runStep } from './step.ts'

const results = await Promise.all(quickChecks().map(runStep))
results.push(
  await runStep({
    name: 'unit tests',
    program: 'vitest',
    args: ['run', '--project', 'plain', '--reporter=dot'],
    live: true,
  }),
)
if (results.includes(false)) process.exitCode = 1
