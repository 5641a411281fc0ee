import type { ColumnType, Generated } from 'kysely'

export interface PluginTable {
  organizationId: string
  id: string
  pluginVersion: string
  enabled: boolean
  granted: string[]
  settings: ColumnType<Readonly<Record<string, unknown>>, string, string>
  failure: string | null
  version: Generated<number>
}

declare module '../db/database.ts' {
  interface Database {
    'kernel.plugin': PluginTable
  }
}
