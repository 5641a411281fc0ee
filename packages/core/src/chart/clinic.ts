import type { Clinic } from '@gonio/sdk'

import type { Tx } from '../db/index.ts'
import { readStaff } from '../identity/index.ts'
import { notFound } from './change.ts'

/** The clinic of the current organization: places, rooms and active staff with licenses and hours. */
export async function readClinic(tx: Tx): Promise<Clinic> {
  const organization = await tx.selectFrom('kernel.organization').select(['organizationId', 'name', 'timeZone']).executeTakeFirst()
  if (organization === undefined) throw notFound('organization')
  const locations = await tx.selectFrom('kernel.location').select(['id', 'name', 'state']).orderBy('name').execute()
  const rooms = await tx.selectFrom('kernel.room').select(['id', 'locationId', 'name', 'kind']).orderBy('name').execute()
  const staff = (await readStaff(tx)).filter((member) => member.active)
  return {
    ...organization,
    locations,
    rooms,
    staff: staff.map(({ id, name, roles, licenses, hours }) => ({
      id,
      name,
      roles,
      hours,
      licenses: licenses.map(({ kind, state, expires }) => ({ kind, state, expires })),
    })),
  }
}
