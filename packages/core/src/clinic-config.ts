import type { Plugin } from '@gonio/sdk'

import type { ShiftableClock } from './clock.ts'
import type { Kernel } from './kernel.ts'

export interface SignIn {
  readonly role: string
  readonly email: string
  readonly password: string
}

/** What a seed works with: a running kernel whose clock it may move, and a way to tell how far it is. */
export interface Seeding {
  readonly kernel: Kernel
  readonly clock: ShiftableClock
  say(line: string): void
}

/** What a clinic's `gonio.config.ts` exports as `clinic`: the plugins it runs, and for a trial what to fill an empty database with. */
export interface ClinicConfig {
  readonly plugins: readonly Plugin[]
  /** Runs once on a database without an organization. */
  seed?(seeding: Seeding): Promise<unknown>
  /** Sign-ins that `gonio start` prints. Only for a demo with invented people. */
  readonly demoSignIns?: readonly SignIn[]
}
