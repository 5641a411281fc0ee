import { Defect, parseWith, Refusal } from '@gonio/sdk'
import type { Plugin } from '@gonio/sdk'

import { appendEntries } from '../audit/index.ts'
import type { AnyAction } from '../approvals/index.ts'
import type { Clock } from '../clock.ts'
import { readOnly, transact } from '../db/index.ts'
import type { Db, Roles } from '../db/index.ts'
import type { Viewer } from '../identity/index.ts'
import { LISTENER_ATTEMPTS } from '../work/index.ts'
import type { PluginDirectory } from '../work/index.ts'
import { assertClinicianDecides } from './grants.ts'
import { compileOwn } from './query.ts'

/** A plugin as one clinic has it. */
export interface Installed {
  readonly plugin: Plugin
  readonly enabled: boolean
  readonly granted: ReadonlySet<string>
  readonly settings: Readonly<Record<string, unknown>>
  readonly failure: string | null
}

const CACHE_MS = 5_000

/** The plugins this kernel was started with, and what each clinic made of them. */
export class Registry implements PluginDirectory {
  readonly plugins: ReadonlyMap<string, Plugin>
  readonly #actions = new Map<string, { plugin: string; action: AnyAction }>()
  readonly #cache = new Map<string, { at: number; installed: Promise<ReadonlyMap<string, Installed>> }>()
  readonly #db: Db
  readonly #clock: Clock
  readonly #roles: Roles

  constructor(plugins: readonly Plugin[], deps: { db: Db; clock: Clock; roles: Roles }) {
    this.plugins = new Map(plugins.map((plugin) => [plugin.id, plugin]))
    this.#db = deps.db
    this.#clock = deps.clock
    this.#roles = deps.roles
    for (const plugin of plugins) {
      for (const action of plugin.actions.values()) {
        assertClinicianDecides(action)
        const owner = this.#actions.get(action.name)
        if (owner !== undefined)
          throw new Defect(`Two plugins offer the action ${action.name}: ${owner.plugin} and ${plugin.id}. Remove one.`)
        this.#actions.set(action.name, { plugin: plugin.id, action })
      }
    }
  }

  /** Forgets what it knows of a clinic, after a change here or in another process. */
  forget(organizationId?: string): void {
    if (organizationId === undefined) this.#cache.clear()
    else this.#cache.delete(organizationId)
  }

  installed(organizationId: string): Promise<ReadonlyMap<string, Installed>> {
    const now = this.#clock.now().getTime()
    const known = this.#cache.get(organizationId)
    if (known !== undefined && now - known.at < CACHE_MS) return known.installed
    const installed = this.#read(organizationId)
    this.#cache.set(organizationId, { at: now, installed })
    installed.catch(() => this.#cache.delete(organizationId))
    return installed
  }

  /** @throws Refusal `plugin-disabled` */
  async require(organizationId: string, id: string): Promise<Installed> {
    const found = (await this.installed(organizationId)).get(id)
    if (found === undefined || !found.enabled)
      throw new Refusal('plugin-disabled', `The plugin ${id} is switched off in this clinic. A manager can switch it on under Plugins.`)
    return found
  }

  async listeners(organizationId: string, eventType: string): Promise<readonly string[]> {
    const all = [...(await this.installed(organizationId)).values()]
    return all.filter((one) => one.enabled && one.plugin.events.includes(eventType)).map((one) => one.plugin.id)
  }

  compileWrite(plugin: string, query: unknown) {
    return compileOwn(plugin, query, ['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode'])
  }

  compileSelect(plugin: string, query: unknown) {
    return compileOwn(plugin, query, ['SelectQueryNode'])
  }

  roleOf(plugin: string): string {
    return this.#roles.plugin(plugin)
  }

  action(name: string): { plugin: string; action: AnyAction } | null {
    return this.#actions.get(name) ?? null
  }

  actionOf(name: string) {
    const found = this.#actions.get(name)
    return found === undefined ? null : { plugin: found.plugin, expiresAfterHours: found.action.expiresAfterHours }
  }

  jobOf(plugin: string, name: string) {
    const job = this.plugins.get(plugin)?.jobs.get(name)
    return job === undefined
      ? null
      : { attempts: job.attempts ?? LISTENER_ATTEMPTS, leaseSeconds: Math.ceil((job.timeoutMs ?? 0) / 1_000) + 30 }
  }

  /** Writes the rows of a clinic for plugins it does not have yet, switched on with what they ask for: the first-party set of a new clinic. */
  async adopt(organizationId: string, ids: readonly string[]): Promise<void> {
    await transact(this.#db, organizationId, async (tx) => {
      for (const id of ids) {
        const plugin = this.plugins.get(id)
        if (plugin === undefined) throw new Defect(`There is no plugin ${id}.`)
        const settings = await parseWith(plugin.settings, {}, `The default settings of ${id}`)
        await tx
          .insertInto('kernel.plugin')
          .values({
            organizationId,
            id,
            pluginVersion: plugin.version,
            enabled: true,
            granted: [...plugin.permissions],
            settings: JSON.stringify(settings),
            failure: null,
          })
          .onConflict((conflict) => conflict.columns(['organizationId', 'id']).doNothing())
          .execute()
        await appendEntries(
          tx,
          organizationId,
          [
            {
              actor: { kind: 'system', id: null },
              action: 'plugin.install',
              refs: {},
              correlationId: organizationId,
              causationId: null,
              detail: { plugin: id, version: plugin.version, permissions: plugin.permissions.length },
            },
          ],
          this.#clock,
        )
      }
    })
    this.forget(organizationId)
  }

  /** Switches a plugin on or off, or replaces its settings, as a member of staff. */
  async change(viewer: Viewer, id: string, change: { enabled?: boolean; settings?: unknown }): Promise<Installed> {
    const plugin = this.plugins.get(id)
    if (plugin === undefined) throw new Refusal('not-found', 'There is no such plugin here.')
    const settings =
      change.settings === undefined ? undefined : await parseWith(plugin.settings, change.settings, `The settings of ${plugin.title}`)
    await transact(this.#db, viewer.organizationId, async (tx) => {
      await tx
        .updateTable('kernel.plugin')
        .set((row) => ({
          version: row('version', '+', 1),
          ...(change.enabled === undefined ? {} : { enabled: change.enabled, failure: null }),
          ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
        }))
        .where('id', '=', id)
        .execute()
      await appendEntries(
        tx,
        viewer.organizationId,
        [
          {
            actor: { kind: 'staff', id: viewer.staffId },
            action: settings === undefined ? (change.enabled === true ? 'plugin.enable' : 'plugin.disable') : 'plugin.configure',
            refs: {},
            correlationId: this.#clock.newId(),
            causationId: null,
            detail: { plugin: id },
          },
        ],
        this.#clock,
      )
    })
    this.forget(viewer.organizationId)
    const now = (await this.installed(viewer.organizationId)).get(id)
    if (now === undefined) throw new Refusal('not-found', 'This clinic does not have this plugin.')
    return now
  }

  async #read(organizationId: string): Promise<ReadonlyMap<string, Installed>> {
    const rows = await readOnly(this.#db, organizationId, (tx) =>
      tx.selectFrom('kernel.plugin').select(['id', 'enabled', 'granted', 'settings', 'failure']).execute(),
    )
    return new Map(
      rows.flatMap((row) => {
        const plugin = this.plugins.get(row.id)
        return plugin === undefined
          ? []
          : [[row.id, { plugin, enabled: row.enabled, granted: new Set(row.granted), settings: row.settings, failure: row.failure }]]
      }),
    )
  }
}
