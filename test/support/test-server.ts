import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedServer } from '../../packages/core/src/db/index.ts'
import type { EmbeddedServer } from '../../packages/core/src/db/index.ts'

/** A PostgreSQL in a temporary folder, gone with its data when closed. */
export async function openTestServer(): Promise<{ server: EmbeddedServer; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gonio-test-'))
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
