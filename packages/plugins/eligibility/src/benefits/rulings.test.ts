import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { snapshotOfText } from './sample.ts'

const read = (path: string) => snapshotOfText(readFileSync(new URL(`../../../../../test/fixtures/x12/${path}`, import.meta.url), 'utf8'))

// Each expectation is written by hand from X12's public rulings and from the text of the file, never from the reader's output.

test('RFI 2411: EB11 Y is a stated need for authorization, of the line that is for in-network care', () => {
  const { authorization, active, planName } = read('rfi-snippets/rfi2411_EB11_Y.271')
  expect(authorization).toMatchObject({
    value: 'Y',
    certainty: 'stated',
    serviceType: 'PT',
    network: 'in',
    source: { segment: 15, text: 'EB*1*IND*PT********Y*Y' },
  })
  expect(active).toMatchObject({ value: true, certainty: 'stated', source: { segment: 14, text: 'EB*1*IND*30**GOLD' } })
  expect(planName).toMatchObject({ value: 'GOLD', certainty: 'stated' })
})

test('RFI 2411: EB11 N is a stated no', () => {
  expect(read('rfi-snippets/rfi2411_EB11_N.271').authorization).toMatchObject({
    value: 'N',
    certainty: 'stated',
    source: { text: 'EB*1*IND*PT********N*Y' },
  })
})

test('RFI 2411: EB11 U with a text stays unknown and carries the text and its number of visits', () => {
  const { authorization, messages, ask } = read('rfi-snippets/rfi2411_EB11_U.271')
  expect(authorization).toMatchObject({
    value: 'unknown',
    certainty: 'text',
    afterVisits: 8,
    texts: ['AUTHORIZATION MAY BE REQUIRED AFTER FIRST 8 VISITS'],
  })
  expect(messages).toMatchObject([
    { text: 'AUTHORIZATION MAY BE REQUIRED AFTER FIRST 8 VISITS', source: { segment: 16 }, benefit: { segment: 15 } },
  ])
  expect(ask.map(({ topic }) => topic)).toContain('authorization')
})

test('RFI 2795: 999999.99 is no amount; the limit is 60 visits a calendar year with 60 left', () => {
  const snapshot = read('rfi-snippets/rfi2795_placeholder_amount.271')
  const { visits, authorization } = snapshot
  expect(visits.allowed).toMatchObject({
    value: 60,
    certainty: 'stated',
    source: { segment: 15, text: 'EB*F*IND*PT***23*999999.99**VS*60' },
  })
  expect(visits.remaining).toMatchObject({ value: 60, certainty: 'stated', source: { segment: 17 } })
  expect(visits.used).toMatchObject({ value: 0, certainty: 'derived' })
  expect(visits.period.value).toBe('calendar year')
  expect(visits.unlimited.value).toBeNull()
  expect(authorization).toMatchObject({ value: 'unknown', certainty: 'absent' })
  expect(JSON.stringify(snapshot, (key, value: unknown) => (key === 'text' ? undefined : value))).not.toContain('999999')
})

test.each([
  ['merged', 15, 'EB*F*IND*AD^AE***22***VS*30*N*W'],
  ['separate', 21, 'EB*F*IND*AE***22***VS*30*N*W'],
])('RFI 2816: %s service types mean the same, and no shared limit', (kind, segment, text) => {
  const snapshot = read(`rfi-snippets/rfi2816_AD_AE_${kind}.271`)
  expect(snapshot.answeredBy).toBe('AE')
  expect(snapshot.visits.allowed).toMatchObject({
    value: 30,
    certainty: 'stated',
    serviceType: 'AE',
    network: 'both',
    source: { segment, text },
  })
  expect(snapshot.visits.remaining).toMatchObject({ value: 30, certainty: 'stated' })
  expect(snapshot.visits.period.value).toBe('service year')
  expect(snapshot.visits.combinedWith).toMatchObject({ value: null, certainty: 'absent' })
  expect(snapshot.authorization).toMatchObject({ value: 'N', certainty: 'stated', serviceType: 'AE' })
  expect(snapshot.benefits.inNetwork.visits.allowed.value).toBe(30)
  expect(snapshot.benefits.outOfNetwork.visits.allowed.value).toBe(30)
  expect(snapshot.benefits.networkNotStated.visits.allowed.certainty).toBe('absent')
})

test('a copay per day for therapy is kept as such and the one for office visits does not answer', () => {
  const snapshot = read('rfi-snippets/copay_per_day_7_vs_visit_27.271')
  expect(snapshot.copay).toMatchObject({
    value: { amount: 20, per: 'day' },
    certainty: 'stated',
    serviceType: 'PT',
    network: 'in',
    source: { segment: 15 },
  })
  expect(snapshot.coinsurance).toMatchObject({ value: 0, certainty: 'stated', source: { segment: 18 } })
  expect(snapshot.authorization).toMatchObject({ value: 'unknown', certainty: 'absent' })
})

test('a line with shifted elements gives no number, only its text and a question', () => {
  const snapshot = read('rfi-snippets/malformed_ebshift_seen_in_wild.271')
  expect(snapshot.visits.allowed).toMatchObject({ value: null, certainty: 'absent' })
  expect(snapshot.copay.value).toBeNull()
  expect(snapshot.malformed).toMatchObject([{ source: { segment: 15, text: 'EB*F*IND*PT*PO*23*20****VS' } }])
  expect(snapshot.messages.map(({ text }) => text)).toEqual(['PHYSICAL THERAPY VISITS PER YEAR'])
  expect(snapshot.active.value).toBe(true)
})

test('the guide’s sample: copays by network stay apart, and office visits do not speak for therapy', () => {
  const snapshot = read('linuxforhealth/271_005010X279A1__subscriber-health-benefit-check.271')
  expect(snapshot.benefits.inNetwork.copay).toMatchObject({ value: { amount: 10, per: 'visit' }, certainty: 'derived', serviceType: '98' })
  expect(snapshot.benefits.outOfNetwork.copay).toMatchObject({
    value: { amount: 30, per: 'visit' },
    certainty: 'derived',
    serviceType: '98',
  })
  expect(snapshot.copay).toMatchObject({ value: null, certainty: 'conflict' })
  expect(snapshot.copay.options.map(({ value, network }) => [value.amount, network])).toEqual([
    [10, 'in'],
    [30, 'out'],
  ])
  expect(snapshot.therapyCovered).toMatchObject({ value: null, certainty: 'absent' })
  expect(snapshot.answeredBy).toBeNull()
  expect(snapshot.planBegin).toMatchObject({ value: '2006-01-01', certainty: 'stated' })
  expect(snapshot.entities).toMatchObject([{ role: 'P3', name: 'MARCUS JONES', benefit: { text: 'EB*L' } }])
})

test('the dependent is the person asked about, with the member id of the subscriber', () => {
  const { person } = read('linuxforhealth/271_005010X279A1__dependent-health-benefit-check.271')
  expect(person).toEqual({ level: 'dependent', memberId: '123456789', familyName: 'SMITH', givenName: 'MARY', birthDate: '1998-10-14' })
})

test('a rejected provider is no inactive coverage and names who must act', () => {
  const snapshot = read('linuxforhealth/271_005010X279A1__subscriber-health-benefit-check-error.271')
  expect(snapshot.active).toMatchObject({ value: null, certainty: 'absent' })
  expect(snapshot.rejects).toMatchObject([{ level: 'provider', code: '50', whoActs: 'enrollment', again: 'no', source: { segment: 9 } }])
})
