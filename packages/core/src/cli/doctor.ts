import { existsSync } from 'node:fs'
import { freemem } from 'node:os'
import { statfs } from 'node:fs/promises'

import type { Flags } from './flags.ts'
import { loadClinic, workspacePath } from './clinic.ts'
import { configOf } from './open.ts'

interface Finding {
  readonly what: string
  readonly ok: boolean
  readonly detail: string
}

/** Looks at the machine without changing anything. Exit code 1 when something needs a person. */
export async function doctor(flags: Flags): Promise<number> {
  const findings: Finding[] = []
  const major = Number(process.versions.node.split('.')[0])
  findings.push({
    what: 'Node',
    ok: major >= 26,
    detail: `${process.versions.node}${major >= 26 ? '' : '; 26 or newer is needed, npm install brings it'}`,
  })
  const config = await configOf(flags)
  findings.push({ what: 'Database', ok: true, detail: config.databaseUrl === null ? 'embedded PostgreSQL' : 'the server in DATABASE_URL' })
  const { clinic } = await loadClinic(flags)
  findings.push({
    what: 'Plugins',
    ok: clinic.plugins.length > 0,
    detail: clinic.plugins.map((plugin) => `${plugin.id} ${plugin.version}`).join(', '),
  })
  findings.push({ what: 'Console', ok: existsSync(workspacePath('apps', 'admin', 'build', 'handler.js')), detail: 'built by npm start' })
  const disk = await statfs(existsSync(config.dataDir) ? config.dataDir : process.cwd())
  const freeGb = (disk.bavail * disk.bsize) / 1e9
  findings.push({ what: 'Disk', ok: freeGb > 2, detail: `${freeGb.toFixed(1)} GB free` })
  findings.push({ what: 'Memory', ok: freemem() > 500e6, detail: `${(freemem() / 1e9).toFixed(1)} GB free` })
  for (const { what, ok, detail } of findings) console.log(`${ok ? 'ok  ' : 'LOOK'}  ${what.padEnd(10)} ${detail}`)
  return findings.every((finding) => finding.ok) ? 0 : 1
}
