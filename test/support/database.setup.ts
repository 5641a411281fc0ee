import type { TestProject } from 'vitest/node'
import { openTestServer } from './test-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser URL of the test server's database "postgres"; every test makes a database of its own and drops it. */
    adminUrl: string
  }
}

interface SharedServer {
  users: number
  url: Promise<string>
  close: () => Promise<void>
}

/**
 * One server for all projects of a test run. DATABASE_URL names another server instead: each test makes a database of its own there, with
 * a random name, and drops it; the database in the URL is only connected to.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['DATABASE_URL']
  if (given) {
    project.provide('adminUrl', given)
    return async () => {}
  }
  const server = sharedServer()
  server.users++
  project.provide('adminUrl', await server.url)
  return async () => {
    server.users--
    if (server.users === 0) await server.close()
  }
}

/** Each project loads this file anew, so what they share hangs on the process. */
function sharedServer(): SharedServer {
  const shared = globalThis as typeof globalThis & { gonioTestServer?: SharedServer }
  shared.gonioTestServer ??= openShared(() => delete shared.gonioTestServer)
  return shared.gonioTestServer
}

function openShared(forget: () => void): SharedServer {
  const opened = openTestServer()
  return {
    users: 0,
    url: opened.then(({ server }) => server.url),
    close: async () => {
      forget()
      await (await opened).close()
    },
  }
}
