import { afterAll, beforeAll, expect, test } from 'vitest'

import { readOnly } from '../db/index.ts'
import { addOrganization } from '../testing/index.ts'
import { createOrganization, createStaff, deactivateStaff, readStaff } from './index.ts'
import type { NewOrganization, NewStaff } from './index.ts'
import { openTestPeople, PASSWORD, refusalOf, SYSTEM } from './test-people.ts'
import type { TestPeople } from './test-people.ts'

const JANE: NewStaff = {
  name: 'Jane Roe',
  email: 'Jane.Roe@clinic.example',
  password: PASSWORD,
  roles: ['admin', 'admin'],
  licenses: [],
  hours: [{ day: 1, from: 480, to: 720 }],
}
const CLINIC: NewOrganization = {
  name: 'Riverside Physical Therapy',
  timeZone: 'America/Denver',
  demo: true,
  locations: [
    { name: 'North', state: 'CO' },
    { name: 'South', state: 'CO' },
  ],
  rooms: [{ name: 'Bay 1', kind: 'treatment', location: 'South' }],
}

let people: TestPeople
beforeAll(async () => {
  people = await openTestPeople()
})
afterAll(() => people.scratch.close())

function create(staff: Partial<NewStaff>): ReturnType<typeof createStaff> {
  return createStaff(people.scratch.db, people.deps.clock, people.scratch.organizationId, { ...JANE, ...staff }, SYSTEM)
}

test('createOrganization founds the clinic with its places on record', async () => {
  const { organizationId, locationIds, roomIds } = await createOrganization(people.scratch.db, people.deps.clock, CLINIC)
  await readOnly(people.scratch.db, organizationId, async (tx) => {
    expect(await tx.selectFrom('kernel.organization').select(['name', 'timeZone', 'demo']).execute()).toEqual([
      { name: CLINIC.name, timeZone: CLINIC.timeZone, demo: true },
    ])
    expect(await tx.selectFrom('kernel.room').select(['id', 'locationId']).execute()).toEqual([
      { id: roomIds[0], locationId: locationIds[1] },
    ])
    const actions = (await tx.selectFrom('audit.entry').select('action').orderBy('id').execute()).map((entry) => entry.action)
    expect(actions.toSorted()).toEqual(['location.added', 'location.added', 'organization.created', 'room.added'])
  })
})

test.each([
  [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
  [{ name: ' ' }, 'name'],
  [{ locations: [] }, 'locations'],
  [{ locations: [{ name: 'North', state: 'Colorado' }] }, 'locations.0.state'],
  [{ rooms: [{ name: 'Bay 1', kind: 'treatment', location: 'West' }] }, 'rooms.0'],
])('createOrganization refuses %j and names the field', async (change, field) => {
  const refusal = await refusalOf(createOrganization(people.scratch.db, people.deps.clock, { ...CLINIC, ...change }))
  expect(refusal?.code).toBe('invalid-input')
  expect(refusal?.message).toContain(field)
})

test('createStaff keeps the e-mail address in one spelling and each role once', async () => {
  const { staffId } = await create({})
  const staff = await readOnly(people.scratch.db, people.scratch.organizationId, readStaff)
  expect(staff.find((one) => one.id === staffId)).toEqual({
    id: staffId,
    name: 'Jane Roe',
    email: 'jane.roe@clinic.example',
    roles: ['admin'],
    licenses: [],
    hours: [{ day: 1, from: 480, to: 720 }],
    active: true,
    version: 1,
  })
  expect((await refusalOf(create({ email: ' JANE.ROE@clinic.example ' })))?.code).toBe('already-exists')
})

test.each<[Partial<NewStaff>, string]>([
  [{ password: 'eleven char' }, '12 to 128'],
  [{ password: 'x'.repeat(129) }, '12 to 128'],
  [{ email: 'no address' }, 'e-mail'],
  [{ roles: [] }, 'roles'],
  [{ name: '' }, 'name'],
  [{ licenses: [{ kind: 'PT', state: 'CO', number: '1', expires: '2026-02-30' }] }, 'licenses.0.expires'],
  [{ hours: [{ day: 1, from: 600, to: 600 }] }, 'hours.0'],
  [{ hours: [{ day: 8, from: 480, to: 600 }] }, 'hours.0.day'],
])('createStaff refuses %j', async (change, words) => {
  const refusal = await refusalOf(create({ email: 'someone@clinic.example', ...change }))
  expect(refusal?.code).toBe('invalid-input')
  expect(refusal?.message).toContain(words)
})

test.each(['twelve chars', 'x'.repeat(128), 'ñandú ñandú!', '🦵🦵🦵🦵🦵🦵🦵🦵🦵🦵🦵🦵'])(
  'createStaff accepts the password %j and it opens the account',
  async (password) => {
    const email = `p${password.length}.${password.codePointAt(0)}@clinic.example`
    await create({ email, password })
    expect(await refusalOf(people.enter(email, { password }))).toBeNull()
  },
)

test('deactivateStaff refuses to remove the last active admin', async () => {
  const organizationId = await addOrganization(people.scratch.db)
  const [first, second] = [await people.add(['admin'], organizationId), await people.add(['admin'], organizationId)]
  const results = await Promise.all(
    [first, second].map(({ staffId }) => refusalOf(deactivateStaff(people.scratch.db, people.deps.clock, organizationId, staffId, SYSTEM))),
  )
  expect(results.filter((refusal) => refusal === null)).toHaveLength(1)
  expect(results.find((refusal) => refusal !== null)?.code).toBe('wrong-state')
})

test('deactivateStaff does not find the staff of another organization', async () => {
  const { staffId } = await people.add(['therapist'], await addOrganization(people.scratch.db))
  const refusal = await refusalOf(deactivateStaff(people.scratch.db, people.deps.clock, people.scratch.organizationId, staffId, SYSTEM))
  expect(refusal?.code).toBe('not-found')
})
