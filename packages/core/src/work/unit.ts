import type { Effect, GonioEvent, JobInput, Refs } from '@gonio/sdk'

import type { Fact, NewDecision } from '../approvals/index.ts'
import type { ChartChange } from '../chart/index.ts'
import type { FetchedJob } from '../jobs/index.ts'

/** One thing that wants to happen: an effect of a plugin, or an act of a person at the console. */
export type Change =
  | Effect
  | ChartChange
  /** Closes a pending proposal without effect, and says so to those who listen. */
  | { readonly kind: 'proposal.settle'; readonly id: string; readonly state: 'stale' | 'expired' }
  /** Runs a plugin's handler once more on the facts of now: "propose again". */
  | { readonly kind: 'handler.rerun'; readonly plugin: string; readonly handler: string; readonly input: unknown; readonly refs: Refs }

export interface Actor {
  readonly kind: 'staff' | 'patient' | 'plugin' | 'system'
  readonly id: string | null
}

/** Where a unit came from: who acts, in which story, and what directly caused it. */
export interface Cause {
  readonly organizationId: string
  readonly actor: Actor
  readonly correlationId: string
  readonly causationId: string | null
  readonly depth: number
  readonly behindStaff: string | null
}

/** A select of a plugin on its own tables, run again at commit: another answer means that the run saw old facts. */
export interface OwnRead {
  readonly query: unknown
  readonly hash: string
}

/** A finished piece of work. All of it is committed in one transaction, or nothing. */
export interface Unit {
  readonly cause: Cause
  /** Name in the audit log, e.g. `run.done`, `visit.book`, `proposal.approve`. */
  readonly action: string
  readonly refs: Refs
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>
  readonly changes: readonly Change[]
  readonly reads: readonly Fact[]
  readonly ownReads: readonly OwnRead[]
  /** The plugin whose handler made the changes, and how to run it again; null for acts of a person. */
  readonly plugin: { readonly id: string; readonly handler: string; readonly input: JobInput | GonioEvent | unknown } | null
  readonly settles: FetchedJob | null
  readonly decision: NewDecision | null
}

/** Times a listener may fail on one event before the job is given up. */
export const LISTENER_ATTEMPTS = 6

/** What the unit of work asks about plugins, answered by the registry above it. */
export interface PluginDirectory {
  /** Enabled plugins of the organization that listen to this event. */
  listeners(organizationId: string, eventType: string): Promise<readonly string[]>
  /** Compiles a write of a plugin to SQL for its own schema, or refuses it. */
  compileWrite(plugin: string, query: unknown): { readonly sql: string; readonly parameters: readonly unknown[] }
  compileSelect(plugin: string, query: unknown): { readonly sql: string; readonly parameters: readonly unknown[] }
  roleOf(plugin: string): string
  actionOf(name: string): { readonly plugin: string; readonly expiresAfterHours: number } | null
  jobOf(plugin: string, name: string): { readonly attempts: number; readonly leaseSeconds: number } | null
}

/** The facts under a unit moved: it must be computed again from the start. */
export class MovedFacts extends Error {
  override readonly name = 'MovedFacts'
}

/** The job was given to another worker meanwhile; whatever this unit holds is void. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost'
}
