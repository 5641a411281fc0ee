import type { NewStaff } from '@gonio/core'

/** One password for the whole demo. A real clinic never has one. */
const DEMO_PASSWORD = 'move-well-2026'
const WEEKDAYS = [1, 2, 3, 4, 5]
const day = (from: number, to: number) => WEEKDAYS.map((each) => ({ day: each, from: from * 60, to: to * 60 }))
const license = (kind: 'PT' | 'PTA', number: string) => [{ kind, state: 'NY', number, expires: '2031-12-31' }]

/** Invented people of an invented clinic. */
const PEOPLE: readonly Omit<NewStaff, 'password'>[] = [
  { name: 'Farah Okafor', email: 'front@demo.example', roles: ['front-desk'], licenses: [], hours: day(8, 17) },
  { name: 'Priya Raman, PT', email: 'pt@demo.example', roles: ['therapist'], licenses: license('PT', '000101'), hours: day(8, 17) },
  { name: 'Marcus Bell, PT', email: 'pt2@demo.example', roles: ['therapist'], licenses: license('PT', '000102'), hours: day(9, 18) },
  { name: 'Lena Novak, PTA', email: 'pta@demo.example', roles: ['assistant'], licenses: license('PTA', '000201'), hours: day(8, 16) },
  { name: 'Bo Lindqvist', email: 'biller@demo.example', roles: ['biller'], licenses: [], hours: day(9, 17) },
  { name: 'Maya Torres', email: 'manager@demo.example', roles: ['manager'], licenses: [], hours: day(9, 17) },
  { name: 'Ivan Petrov', email: 'admin@demo.example', roles: ['admin'], licenses: [], hours: day(9, 17) },
]

export const STAFF: readonly NewStaff[] = PEOPLE.map((person) => ({ ...person, password: DEMO_PASSWORD }))

export const DEMO_SIGN_INS = STAFF.map((person) => ({ role: person.roles.join(', '), email: person.email, password: DEMO_PASSWORD }))
