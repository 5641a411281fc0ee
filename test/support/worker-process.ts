import { openKernel } from '@gonio/core'

import { clinic } from '../../examples/small-clinic/gonio.config.ts'
import { ledgerPlugin } from './ledger-plugin.ts'

/** A worker in a process of its own, to be killed. Arguments: database URL, folder of secrets. Prints "ready". */
const [adminUrl = '', secretsDir = ''] = process.argv.slice(2)
await openKernel({
  adminUrl,
  secretsDir,
  secret: 'secret-of-the-test-databases',
  plugins: [...clinic.plugins, ledgerPlugin],
  role: 'worker',
  alone: true,
  onReport: (report) => console.error(report.text),
})
console.log('ready')
