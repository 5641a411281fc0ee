import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

import { Refusal } from '@gonio/sdk'

import { exportAudit, loadSigningKey, verifyExport } from '../audit/index.ts'
import type { Flags } from './flags.ts'
import { configOf, withKernel } from './open.ts'

/** Verifies the log of every organization in the database, or an export offline with the public key. Exit code 1 when anything is wrong. */
export async function verifyAuditLog(flags: Flags): Promise<number> {
  if (flags.file !== undefined) return verifyOffline(flags.file, flags)
  return withKernel(flags, async (kernel) => {
    let failed = 0
    for (const organizationId of await kernel.organizations()) {
      await kernel.seal(organizationId)
      const report = await kernel.verify(organizationId)
      const result =
        report.problem === null
          ? 'unaltered'
          : `ALTERED: ${report.problem.what} (entry ${report.problem.seq ?? 'not sealed'} ${report.problem.id ?? ''})`
      console.log(`${organizationId}  ${report.checked} entries, tree of ${report.size}, root ${report.root}: ${result}`)
      if (!report.ok) failed += 1
    }
    return failed === 0 ? 0 : 1
  })
}

export async function exportAuditLog(flags: Flags): Promise<number> {
  return withKernel(flags, async (kernel) => {
    for (const organizationId of await kernel.organizations()) {
      await kernel.seal(organizationId)
      for await (const line of exportAudit(kernel.db, organizationId, kernel.publicKey)) console.log(line)
    }
    return 0
  })
}

async function verifyOffline(file: string, flags: Flags): Promise<number> {
  const key =
    flags.key === undefined ? (await loadSigningKey((await configOf(flags)).secretsDir)).publicKey : Buffer.from(flags.key, 'base64')
  if (key.length !== 32) throw new Refusal('invalid-input', '--key is the 32-byte public key in base64, as export-audit names it.')
  const report = await verifyExport(createInterface({ input: createReadStream(file), crlfDelay: Infinity }), key)
  console.log(JSON.stringify(report, null, 2))
  return report.ok ? 0 : 1
}
