#!/usr/bin/env node
import { parseArgs } from 'node:util'

import { isRefusal, Refusal } from '@gonio/sdk'

const USAGE = `gonio <command>

  start                        serve console and API (an embedded database unless DATABASE_URL is set)
  call <plugin>.<procedure>    run a plugin procedure: JSON as a further word, or --input FILE|-  [--as E-MAIL for one that needs the database]
  describe [<plugin>[.<procedure>]]   what a procedure takes and gives, as JSON Schema
  verify-audit                 prove that the audit log is unaltered  [--file EXPORT for an offline check]
  export-audit                 the audit log as NDJSON on standard output
  doctor                       look at this machine and say what is missing

  --config DIR     the clinic's configuration (gonio.config.ts); default examples/small-clinic
  --data-dir DIR   where data and secrets are kept (GONIO_DATA_DIR); default .gonio
  --port N         GONIO_PORT; default 4600
  --role R         all, api or worker (GONIO_ROLE)`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      'data-dir': { type: 'string' },
      port: { type: 'string' },
      role: { type: 'string' },
      input: { type: 'string' },
      as: { type: 'string' },
      file: { type: 'string' },
      key: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  const [command, name, json] = positionals
  if (values.help === true || command === undefined) {
    console.log(USAGE)
    return command === undefined && values.help !== true ? 2 : 0
  }
  switch (command) {
    case 'start':
      return (await import('./start.ts')).start(values)
    case 'call':
      return (await import('./call.ts')).call(
        required(name, 'call needs a procedure, e.g. gonio call outcomes.score --input FILE'),
        values,
        json,
      )
    case 'describe':
      return (await import('./call.ts')).describe(name, values)
    case 'verify-audit':
      return (await import('./audit.ts')).verifyAuditLog(values)
    case 'export-audit':
      return (await import('./audit.ts')).exportAuditLog(values)
    case 'doctor':
      return (await import('./doctor.ts')).doctor(values)
    default:
      throw new Refusal('invalid-input', `There is no command ${command}. Run gonio --help to see them all.`)
  }
}

function required(value: string | undefined, message: string): string {
  if (value === undefined) throw new Refusal('invalid-input', message)
  return value
}

try {
  process.exitCode = await main()
} catch (error) {
  if (isRefusal(error)) console.error(`gonio: ${error.message}`)
  else if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    console.error(`gonio: ${error.message}`)
  else console.error('gonio stopped because of a bug:', error)
  process.exitCode = 1
}
