import { expect, test } from 'vitest'

import { buildSnapshot, read271 } from '../benefits/index.ts'
import { readX12 } from '../x12/index.ts'
import { chooseScenario, SCENARIOS, simulate271 } from './index.ts'
import type { Scenario } from './index.ts'

const INQUIRY = {
  payerId: 'SIM01',
  payerName: 'Peña * Mutual ~ Health',
  memberId: 'W100200300',
  groupNumber: 'G-1',
  familyName: 'Núñez',
  givenName: 'Ada^',
  birthDate: '1980-02-03',
  serviceDate: '2026-03-02',
  at: '2026-03-02T15:00:00.000Z',
  trace: '01900000-0000-7000-8000-000000000001',
}

function answer(scenario: Scenario) {
  const file = readX12({ text: simulate271(INQUIRY, scenario) })
  const [person] = read271(file)
  if (person === undefined) throw new Error('The simulated payer answered about nobody.')
  return { file, person, snapshot: buildSnapshot(person) }
}

test.each(SCENARIOS)('the answer %s is a sound file and the same every time', (scenario) => {
  expect(answer(scenario).file.findings.list).toEqual([])
  expect(simulate271(INQUIRY, scenario)).toBe(simulate271(INQUIRY, scenario))
})

test('names with delimiters and marks cannot break the file', () => {
  const { person } = answer('active-with-limit')
  expect(person).toMatchObject({
    familyName: 'NUNEZ',
    givenName: 'ADA',
    memberId: 'W100200300',
    groupNumber: 'G-1',
    birthDate: '1980-02-03',
    payer: { name: 'PENA   MUTUAL   HEALTH' },
  })
})

test('an active plan states everything a desk needs', () => {
  const { snapshot } = answer('active-with-limit')
  expect(snapshot.active).toMatchObject({ value: true, certainty: 'stated' })
  expect(snapshot.authorization).toMatchObject({ value: 'N', certainty: 'stated' })
  expect(snapshot.copay).toMatchObject({ certainty: 'stated', serviceType: 'PT' })
  expect(snapshot.visits.allowed.value).toBeGreaterThanOrEqual(20)
  expect(snapshot.visits.used.value).toBe((snapshot.visits.allowed.value ?? 0) - (snapshot.visits.remaining.value ?? 0))
  expect(snapshot.deductible.individual.remaining.value).toBe(120)
})

test('each other scenario is told apart', () => {
  expect(answer('authorization-required').snapshot.authorization).toMatchObject({ value: 'Y', certainty: 'stated' })
  expect(answer('authorization-unclear').snapshot.authorization).toMatchObject({ value: 'unknown', certainty: 'text', afterVisits: 8 })
  expect(answer('inactive').snapshot.active).toMatchObject({ value: false, certainty: 'stated' })
  expect(answer('member-not-found').snapshot.rejects).toMatchObject([{ level: 'subscriber', code: '75', whoActs: 'front-desk' }])
  expect(answer('payer-down').snapshot).toMatchObject({
    person: { level: 'unidentified' },
    active: { value: null },
    rejects: [{ level: 'payer', code: '42', whoActs: 'system' }],
  })
})

test('the longest fitting suffix chooses the scenario', () => {
  const settings = {
    scenario: 'active-with-limit',
    bySuffix: { '-H': 'inactive', '-AUTH': 'authorization-required', UTH: 'payer-down' },
  } as const
  expect(chooseScenario('W1-auth', settings)).toBe('authorization-required')
  expect(chooseScenario('W1-H', settings)).toBe('inactive')
  expect(chooseScenario('W1', settings)).toBe('active-with-limit')
})
