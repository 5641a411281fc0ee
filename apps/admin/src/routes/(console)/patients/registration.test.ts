import { expect, test } from 'vitest'

import { blankRegistration, checkRegistration, toRegistration } from './registration.ts'

const full = { ...blankRegistration(), givenName: ' Ada ', familyName: 'Novak', birthDate: '1961-04-12', phone: '212 555 0142' }

test('an empty form says what is missing, field by field', () => {
  expect(Object.keys(checkRegistration(blankRegistration())).sort()).toEqual(['birthDate', 'familyName', 'givenName', 'phone'])
})

test('a payer without a member id is asked about, not sent', () => {
  expect(checkRegistration({ ...full, payerName: 'Bluebird Health' })).toHaveProperty('memberId')
  expect(checkRegistration({ ...full, payerName: 'Bluebird Health', memberId: 'BBH1' })).toEqual({})
})

test('empty optional fields are left out and texts are trimmed', () => {
  const sent = toRegistration({ ...full, payerName: 'Bluebird Health', memberId: 'BBH1' })
  expect(sent).toMatchObject({ givenName: 'Ada', email: null, payerId: 'bluebird-health', memberId: 'BBH1' })
  expect(toRegistration(full)).not.toHaveProperty('payerName')
  expect(toRegistration(full)).not.toHaveProperty('referredBy')
})
