import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedServer } from '../../packages/core/src/db/index.ts'
import type { EmbeddedServer } from '../../packages/core/src/db/index.ts'

const PREFIX = 'gonio-test-'
const LEFT_AFTER_MS = 60_000
const MAX_SWEPT = 5

/** A PostgreSQL in a temporary folder, gone with its data when closed. */
export async function openTestServer(): Promise<{ server: EmbeddedServer; close: () => Promise<void> }> {
  await sweepLeftovers()
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  await chmod(folder, 0o755) // as root, the server runs as another account and has to get in
  const server = await openEmbeddedServer({ dataDir: join(folder, 'pg'), disposable: true })
  return {
    server,
    close: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A test run that was killed leaves its server running; opening its folder takes it over, so that it can be stopped. */
async function sweepLeftovers(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX)).slice(0, MAX_SWEPT)
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    try {
      if (Date.now() - (await stat(folder)).mtimeMs < LEFT_AFTER_MS) continue
      // Refused while the test run that made it is alive, or when it is another user's.
      const left = await openEmbeddedServer({ dataDir: join(folder, 'pg'), disposable: true })
      await left.stop()
      await rm(folder, { recursive: true, force: true })
    } catch {
      continue
    }
  }
}
