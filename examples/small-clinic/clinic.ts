import { createOrganization, createStaff } from '@gonio/core'
import type { Kernel } from '@gonio/core'

import { STAFF } from './people.ts'

/** The empty demo clinic: one location, three rooms, seven members of staff, every plugin of the kernel switched on. */
export async function openDemoClinic(kernel: Kernel, name = 'Riverside Physical Therapy'): Promise<{ organizationId: string }> {
  const { organizationId } = await createOrganization(kernel.db, kernel.clock, {
    name,
    timeZone: 'America/New_York',
    demo: true,
    locations: [{ name: 'Riverside', state: 'NY' }],
    rooms: ['Room 1', 'Room 2', 'Gym'].map((room) => ({ name: room, kind: room === 'Gym' ? 'gym' : 'treatment', location: 'Riverside' })),
  })
  await Promise.all(STAFF.map((person) => createStaff(kernel.db, kernel.clock, organizationId, person, { kind: 'system', id: null })))
  await kernel.registry.adopt(organizationId, [...kernel.registry.plugins.keys()])
  return { organizationId }
}
