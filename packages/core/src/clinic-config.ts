import type { Plugin } from '@gonio/sdk'

import type { Kernel } from './kernel.ts'

/** What a clinic's `gonio.config.ts` exports as `clinic`: the plugins it runs, and for a trial what to fill an empty database with. */
export interface ClinicConfig {
  readonly plugins: readonly Plugin[]
  /** Runs once on a database without an organization. Returns sign-ins to print. */
  seed?(
    kernel: Kernel,
    say: (line: string) => void,
  ): Promise<readonly { readonly role: string; readonly email: string; readonly password: string }[]>
  /** Sign-ins to print on later starts of a demo. */
  readonly demoSignIns?: readonly { readonly role: string; readonly email: string; readonly password: string }[]
}
