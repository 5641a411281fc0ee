import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { Refusal } from '@gonio/sdk'

import type { ClinicConfig } from '../clinic-config.ts'
import type { Flags } from './flags.ts'

const WORKSPACE = resolve(import.meta.dirname, '../../../..')

/** Loads the clinic's configuration module. */
export async function loadClinic(flags: Flags): Promise<{ clinic: ClinicConfig; directory: string }> {
  const wanted = flags.config ?? process.env['GONIO_CONFIG'] ?? join(WORKSPACE, 'examples', 'small-clinic')
  const directory = resolve(process.env['INIT_CWD'] ?? process.cwd(), wanted)
  const file = join(directory, 'gonio.config.ts')
  try {
    await access(file)
  } catch {
    throw new Refusal('invalid-input', `There is no gonio.config.ts in ${wanted}. Name the clinic's folder with --config.`)
  }
  const module: unknown = await import(pathToFileURL(file).href)
  const clinic: unknown = Reflect.get(Object(module), 'clinic')
  if (!isClinic(clinic)) throw new Refusal('invalid-input', `${wanted}/gonio.config.ts must export "clinic" with a list of plugins.`)
  return { clinic, directory }
}

function isClinic(value: unknown): value is ClinicConfig {
  return typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, 'plugins'))
}

export function workspacePath(...parts: readonly string[]): string {
  return join(WORKSPACE, ...parts)
}
