import type { Kysely } from 'kysely'

import type { ChartEffectKind } from './effects.ts'
import { Defect } from './errors.ts'
import type { GonioEvent } from './events.ts'
import { PLUGIN_PERMISSIONS } from './rights.ts'
import type { LicenseKind, PluginPermission, Right, StaffRole } from './rights.ts'
import type { ApplyRun, Run } from './run.ts'
import type { Infer, Schema } from './schema.ts'
import type { Slot, View } from './view.ts'

/** One step of a plugin's schema. `up` builds statements with Kysely's schema builder; the kernel runs them in the plugin's own schema. */
export interface Migration {
  readonly name: string
  up(db: Kysely<object>): readonly Compilable[]
}
export interface Compilable {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[]; readonly query: unknown }
}

export interface ActionDefinition<Payload, Tables, Settings> {
  /** `<noun>.<verb>` of the vocabulary, e.g. `plan.approve`. */
  readonly name: string
  readonly title: string
  readonly payload: Schema<Payload>
  readonly decide: {
    readonly roles: readonly StaffRole[]
    /** The person deciding must hold a valid license of one of these kinds. */
    readonly licenses?: readonly LicenseKind[]
    /** Stricter licenses for some payloads, as data: e.g. an evaluation may only be signed by a PT. */
    readonly narrow?: readonly { readonly field: string; readonly in: readonly string[]; readonly licenses: readonly LicenseKind[] }[]
    /** The member of staff whose work led to the proposal may not decide it. */
    readonly notProposer?: boolean
  }
  readonly risk: 'administrative' | 'clinical' | 'outward'
  readonly expiresAfterHours: number
  /** What `apply` may change in the chart; anything else is refused at commit. */
  readonly effects: readonly ChartEffectKind[]
  /** What the reviewer sees, from the payload alone. */
  summarize(payload: Payload): View
  apply(payload: Payload, run: ApplyRun<Tables, Settings>): Promise<void>
}

export interface ProcedureDefinition<Input, Output> {
  readonly input: Schema<Input>
  readonly output: Schema<Output>
  /** The right a member of staff needs. `patient-link` = whoever holds a link that names this procedure. Pure procedures need none. */
  readonly access: Right | 'patient-link' | 'pure'
  readonly summary: string
}

export interface JobDefinition {
  readonly timeoutMs?: number
  readonly attempts?: number
  /** Cron in the clinic's time zone. */
  readonly cron?: string
}

export interface ViewDefinition {
  readonly id: string
  readonly slot: Slot
  readonly title: string
  /** A procedure of this plugin that answers with `{ view: View }`. Input: the refs of the place it is shown in. */
  readonly procedure: string
}

/** What `setup` receives. Each call adds one thing to the plugin; nothing runs yet. */
export interface PluginBuilder<Tables, Settings> {
  on(event: string, handler: (event: GonioEvent, run: Run<Tables, Settings>) => Promise<void>): void
  job(
    name: string,
    definition: JobDefinition,
    handler: (input: Readonly<Record<string, unknown>>, run: Run<Tables, Settings>) => Promise<void>,
  ): void
  action<Payload>(definition: ActionDefinition<Payload, Tables, Settings>): void
  procedure<Input, Output>(
    name: string,
    definition: ProcedureDefinition<Input, Output> & { access: 'pure' },
    handler: (input: Input) => Output | Promise<Output>,
  ): void
  procedure<Input, Output>(
    name: string,
    definition: ProcedureDefinition<Input, Output>,
    handler: (input: Input, run: Run<Tables, Settings>) => Output | Promise<Output>,
  ): void
  view(definition: ViewDefinition): void
}

export interface PluginDefinition<Tables = object, S extends Schema = Schema> {
  readonly id: string
  readonly version: string
  /** Range of SDK versions, e.g. `^1.0`. */
  readonly sdk: string
  readonly title: string
  readonly summary: string
  readonly permissions: readonly PluginPermission[]
  readonly egress?: readonly string[]
  readonly settings: S
  readonly migrations?: readonly Migration[]
  setup(plugin: PluginBuilder<Tables, Infer<S>>): void
}

export type Handler = (input: unknown, run: ApplyRun<never, never>) => Promise<unknown>

/** A plugin after `setup`: names and data that the kernel can read, and handlers by name that a host can run. */
export interface Plugin {
  readonly id: string
  readonly version: string
  readonly sdk: string
  readonly title: string
  readonly summary: string
  readonly permissions: readonly PluginPermission[]
  readonly egress: readonly string[]
  readonly settings: Schema
  readonly migrations: readonly Migration[]
  readonly events: readonly string[]
  readonly jobs: ReadonlyMap<string, JobDefinition>
  readonly actions: ReadonlyMap<string, ActionDefinition<unknown, never, never>>
  readonly procedures: ReadonlyMap<string, ProcedureDefinition<unknown, unknown>>
  readonly views: readonly ViewDefinition[]
  /** `event:<type>`, `job:<name>`, `apply:<action>`, `procedure:<name>`. */
  readonly handlers: ReadonlyMap<string, Handler>
}

/**
 * Defines a plugin. The tables are a type parameter; settings are typed from their schema.
 *
 * @example
 * ```ts
 * export const hello = definePlugin<{ greeting: { id: string; text: string } }>()({
 *   id: 'hello', version: '1.0.0', sdk: '^1.0', title: 'Hello', summary: 'Greets new patients.',
 *   permissions: ['own-data:write'], settings: z.object({ text: z.string().default('Welcome') }),
 *   setup(plugin) {
 *     plugin.on('patient.registered', async (event, run) => {
 *       await run.tables.insertInto('greeting').values({ id: run.newId(), text: run.settings.text }).execute()
 *     })
 *   },
 * })
 * ```
 * @throws Defect when two parts have one name, or a name does not carry the plugin's id.
 */
export function definePlugin<Tables = object>(): <S extends Schema>(definition: PluginDefinition<Tables, S>) => Plugin {
  return (definition) => {
    if (!/^[a-z][a-z0-9-]{1,40}$/.test(definition.id))
      throw new Defect(`"${definition.id}" is not a plugin id: lower case letters, digits and dashes.`)
    for (const permission of definition.permissions) {
      if (!(permission in PLUGIN_PERMISSIONS))
        throw new Defect(`Plugin ${definition.id} asks for "${permission}", which is not a permission.`)
    }
    const events: string[] = []
    const jobs = new Map<string, JobDefinition>()
    const actions = new Map<string, ActionDefinition<unknown, never, never>>()
    const procedures = new Map<string, ProcedureDefinition<unknown, unknown>>()
    const views: ViewDefinition[] = []
    const handlers = new Map<string, Handler>()
    const own = (name: string): string => {
      if (!name.startsWith(`${definition.id}.`)) throw new Defect(`"${name}" must start with "${definition.id}.".`)
      return name
    }
    const add = (key: string, handler: unknown): void => {
      if (handlers.has(key)) throw new Defect(`Plugin ${definition.id} defines ${key} twice.`)
      handlers.set(key, erase(handler))
    }
    definition.setup({
      on(event, handler) {
        events.push(event)
        add(`event:${event}`, handler)
      },
      job(name, job, handler) {
        jobs.set(own(name), job)
        add(`job:${name}`, handler)
      },
      action(action) {
        actions.set(action.name, erase(action))
        add(`apply:${action.name}`, action.apply.bind(action))
      },
      procedure(name: string, procedure: unknown, handler: unknown) {
        procedures.set(own(name), erase(procedure))
        add(`procedure:${name}`, handler)
      },
      view(view) {
        views.push({ ...view, procedure: own(view.procedure) })
      },
    })
    for (const view of views) {
      if (!procedures.has(view.procedure))
        throw new Defect(`View ${view.id} of ${definition.id} names ${view.procedure}, which is not a procedure.`)
    }
    return {
      id: definition.id,
      version: definition.version,
      sdk: definition.sdk,
      title: definition.title,
      summary: definition.summary,
      permissions: definition.permissions,
      egress: definition.egress ?? [],
      settings: definition.settings,
      migrations: definition.migrations ?? [],
      events,
      jobs,
      actions,
      procedures,
      views,
      handlers,
    }
  }
}

/** Types of one plugin end here: inside the kernel its parts are data checked at run time. */
function erase(value: unknown): never {
  return value as never
}
