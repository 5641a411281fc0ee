import type { Kernel } from '@gonio/core'

import { openDemoClinic } from './clinic.ts'
import { DEMO_SIGN_INS } from './people.ts'

/** Fills an empty database with the demo clinic. */
export async function seedClinic(kernel: Kernel, say: (line: string) => void): Promise<typeof DEMO_SIGN_INS> {
  await openDemoClinic(kernel)
  say('Demo clinic ready')
  return DEMO_SIGN_INS
}
