import type { Patient } from '@gonio/sdk'
import { openTestHost } from '@gonio/sdk/testing'
import { expect, test } from 'vitest'

import { helloPlugin } from './hello.ts'

const PATIENT: Patient = {
  id: '01900000-0000-7000-8000-0000000000a1',
  version: 1,
  mrn: 'M-1',
  givenName: 'Ada',
  familyName: 'Sample',
  birthDate: '1980-05-17',
  sex: 'female',
  phone: null,
  email: null,
  language: 'en',
}
const patientId = PATIENT.id

test('hello proposes one welcome for a new patient and writes nothing by itself', async () => {
  const host = openTestHost(helloPlugin, { settings: { text: 'Good to see you.' }, chart: { patients: [PATIENT] } })
  const { proposals, effects } = await host.event('patient.registered', { patientId })
  expect(proposals).toMatchObject([{ action: 'hello.give-welcome', payload: { patientId, text: 'Good to see you.' } }])
  expect(effects).toHaveLength(1)
  expect((await host.call('hello.card', { patientId })).output).toMatchObject({ view: { value: 'not yet' } })
})

test('hello shows the welcome after a person approved it, as edited', async () => {
  const host = openTestHost(helloPlugin, { chart: { patients: [PATIENT] } })
  const { proposals } = await host.event('patient.registered', { patientId })
  await host.apply(proposals[0]!, { patientId, text: 'Come ten minutes early.' })
  expect((await host.call('hello.card', { patientId })).output).toMatchObject({ view: { value: 'Come ten minutes early.' } })
})

test('hello refuses an approval without a text', async () => {
  const host = openTestHost(helloPlugin, { chart: { patients: [PATIENT] } })
  const { proposals } = await host.event('patient.registered', { patientId })
  await expect(host.apply(proposals[0]!, { patientId, text: '' })).rejects.toMatchObject({ code: 'invalid-input' })
})
