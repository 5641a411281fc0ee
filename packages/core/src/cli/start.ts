import { existsSync } from 'node:fs'

import { shiftableClock } from '../clock.ts'
import { assertPortFree, loadConsole, openHttp } from '../http/index.ts'
import type { ConsoleHandler } from '../http/index.ts'
import { openKernel } from '../kernel.ts'
import type { SignIn } from '../clinic-config.ts'
import type { Flags } from './flags.ts'
import { loadClinic, workspacePath } from './clinic.ts'
import { configOf, openDatabase } from './open.ts'

/** Serves until Ctrl-C. Prints each long step, then the address and, for a demo, who can sign in. */
export async function start(flags: Flags): Promise<number> {
  const began = performance.now()
  const say = (line: string): void => console.log(`  ${line}`)
  console.log('Gonio is starting')
  const config = await configOf(flags)
  const { clinic } = await loadClinic(flags)
  if (config.role !== 'worker') await assertPortFree(config)
  const database = await openDatabase(config, say)
  const clock = shiftableClock()
  // The signal may come at any moment of the start; what is open by then is closed in reverse.
  const closers: (() => Promise<void>)[] = [async () => database.server?.stop()]
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  try {
    const kernel = await openKernel({
      adminUrl: database.adminUrl,
      secret: config.secret,
      secretsDir: config.secretsDir,
      plugins: clinic.plugins,
      clock,
      role: config.role,
      onProgress: say,
      alone: database.server !== null,
      onReport: (report) => console.error(`[${report.kind}] ${report.text}`),
    })
    closers.push(kernel.stop)
    if ((await kernel.organizations()).length === 0 && clinic.seed !== undefined) {
      say('Filling the demo clinic with a few weeks of work …')
      await clinic.seed({ kernel, clock, say })
      clock.goBack(0)
    }
    if (config.role !== 'worker') {
      const http = await openHttp(kernel, {
        host: config.host,
        port: config.port,
        trustProxy: config.trustProxy,
        console: await findConsole(say),
      })
      closers.push(http.close)
      printReady(http.url, clinic.demoSignIns ?? [], (performance.now() - began) / 1_000)
    } else say('Working. Press Ctrl-C to stop.')
    await stopped
    console.log('\nStopping …')
  } finally {
    for (const close of closers.toReversed()) await close()
  }
  console.log('Stopped. Your data is kept.')
  return 0
}

function printReady(url: string, signIns: readonly SignIn[], seconds: number): void {
  console.log(`\nGonio is ready after ${seconds.toFixed(1)} s\n\n  ${url}\n`)
  if (signIns.length > 0) {
    console.log('  Demo sign-ins (invented people):')
    for (const { role, email, password } of signIns) console.log(`    ${role.padEnd(12)} ${email.padEnd(34)} ${password}`)
  }
  console.log('\nPress Ctrl-C to stop.')
}

async function findConsole(say: (line: string) => void): Promise<ConsoleHandler | null> {
  const file = process.env['GONIO_CONSOLE'] ?? workspacePath('apps', 'admin', 'build', 'handler.js')
  if (existsSync(file)) return loadConsole(file)
  say('The console is not built, so only the API is served. Run npm start from the project folder to build it.')
  return null
}
