import { Refusal } from '@gonio/sdk'
import { z } from 'zod'

import { appendEntries } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import { transact } from '../db/index.ts'
import type { Db } from '../db/index.ts'
import './tables.ts'

export interface NewOrganization {
  readonly name: string
  /** IANA name, for example `America/Denver`. */
  readonly timeZone: string
  readonly demo: boolean
  /** `state` is the two-letter code: licenses and direct access follow it. */
  readonly locations: readonly { readonly name: string; readonly state: string }[]
  /** `location` is the name of one of the locations. */
  readonly rooms: readonly { readonly name: string; readonly kind: string; readonly location: string }[]
}

export interface CreatedOrganization {
  readonly organizationId: string
  /** In the order given. */
  readonly locationIds: readonly string[]
  readonly roomIds: readonly string[]
}

const Name = z.string().trim().min(1).max(200)
const NewOrganizationShape = z.object({
  name: Name,
  timeZone: z.string().refine(isTimeZone),
  demo: z.boolean(),
  locations: z
    .array(z.object({ name: Name, state: z.string().regex(/^[A-Z]{2}$/) }))
    .min(1)
    .max(200),
  rooms: z.array(z.object({ name: Name, kind: Name, location: Name })).max(2_000),
})

/**
 * Founds an organization with its locations and rooms.
 *
 * @throws Refusal `invalid-input`, naming the field
 */
export async function createOrganization(db: Db, clock: Clock, organization: NewOrganization): Promise<CreatedOrganization> {
  const { name, timeZone, demo, locations, rooms } = parse(organization)
  const organizationId = clock.newId()
  const places = locations.map((location) => ({ ...location, id: clock.newId(), organizationId }))
  const idOf = new Map(places.map((place) => [place.name, place.id]))
  const roomRows = rooms.map(({ location, ...room }, at) => {
    const locationId = idOf.get(location)
    if (locationId === undefined)
      throw new Refusal('invalid-input', `The room at rooms.${at} names a location that is not in the list.`, {
        field: `rooms.${at}.location`,
      })
    return { ...room, id: clock.newId(), organizationId, locationId }
  })
  await transact(db, organizationId, async (tx) => {
    await tx.insertInto('kernel.tenant').values({ id: organizationId }).execute()
    await tx.insertInto('kernel.organization').values({ organizationId, name, timeZone, demo }).execute()
    await tx.insertInto('kernel.location').values(places).execute()
    if (roomRows.length > 0) await tx.insertInto('kernel.room').values(roomRows).execute()
    const story = { actor: { kind: 'system' as const, id: null }, refs: {}, correlationId: clock.newId(), causationId: null }
    await appendEntries(
      tx,
      organizationId,
      [
        { ...story, action: 'organization.created', detail: { demo } },
        ...places.map((place) => ({ ...story, action: 'location.added', detail: { locationId: place.id } })),
        ...roomRows.map((room) => ({ ...story, action: 'room.added', detail: { roomId: room.id } })),
      ],
      clock,
    )
  })
  return { organizationId, locationIds: places.map((place) => place.id), roomIds: roomRows.map((room) => room.id) }
}

function parse(organization: NewOrganization): z.infer<typeof NewOrganizationShape> {
  const parsed = NewOrganizationShape.safeParse(organization)
  if (parsed.success) return parsed.data
  const field = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new Refusal('invalid-input', `Check the field ${field} of the new organization.`, { field })
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
