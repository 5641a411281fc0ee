import { staffViewer } from '@gonio/core'
import type { Seeding } from '@gonio/core'

import { openDemoClinic } from './clinic.ts'
import { seedPatients } from './seed-patients.ts'
import { openDesk } from './seed-work.ts'

/** Fills an empty database with the demo clinic: its people, and a few weeks of work done through the same API that the console uses. */
export async function seedClinic(seeding: Seeding): Promise<{ organizationId: string }> {
  const { kernel } = seeding
  const { organizationId } = await openDemoClinic(kernel)
  const as = async (email: string) => kernel.callerFor(await staffViewer(kernel.db, organizationId, email))
  await seedPatients(
    openDesk({ desk: await as('front@demo.example'), pt: await as('pt@demo.example'), anonymous: kernel.callerFor(null) }),
    seeding,
  )
  return { organizationId }
}
