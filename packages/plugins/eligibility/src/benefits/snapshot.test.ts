import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { readX12 } from '../x12/index.ts'
import { buildSnapshot, read271, Snapshot } from './index.ts'
import { snapshotOf, wrap271 } from './sample.ts'

describe('preference', () => {
  test('goes PT, AE, A9 or AC, 98, 30 and records which one answered', () => {
    const lines = ['EB*B*IND*30***27*50', 'EB*B*IND*98***27*40', 'EB*B*IND*AC***27*30', 'EB*B*IND*AE***27*20', 'EB*B*IND*PT***27*10']
    const answers = lines.map((_, index) => snapshotOf(lines.slice(0, index + 1)).copay)
    expect(answers.map(({ value, serviceType, certainty }) => [value?.amount, serviceType, certainty])).toEqual([
      [50, '30', 'derived'],
      [40, '98', 'derived'],
      [30, 'AC', 'stated'],
      [20, 'AE', 'stated'],
      [10, 'PT', 'stated'],
    ])
  })

  test('never takes a visit limit or an authorization of another service', () => {
    const snapshot = snapshotOf([
      'EB*F*IND*30***23***VS*12*N*Y',
      'EB*F*IND*98***23***VS*12*N*Y',
      'EB*F*IND*33***23***VS*20*N*Y',
      'EB*F*IND*AD*MB**29*1840',
    ])
    expect(snapshot.visits.allowed).toMatchObject({ value: null, certainty: 'absent' })
    expect(snapshot.authorization).toMatchObject({ value: 'unknown', certainty: 'absent' })
    expect(snapshot.authorization.note).toContain('not for therapy')
    expect(snapshot.therapyCovered.value).toBeNull()
  })
})

describe('active', () => {
  test.each([
    ['EB*1*IND*30', true, 'stated'],
    ['EB*4*IND*30', true, 'stated'],
    ['EB*5*IND*30', true, 'derived'],
    ['EB*6*IND*30', false, 'stated'],
    ['EB*7*IND*30', false, 'derived'],
    ['EB*1*IND*PT', true, 'stated'],
    ['EB*1*IND*35', true, 'derived'],
    ['EB*6*IND*35', null, 'absent'],
    ['EB*V*IND*30', null, 'absent'],
    ['EB*B*IND*PT***27*20', null, 'absent'],
  ])('%s gives %s, %s', (line, value, certainty) => {
    expect(snapshotOf([line]).active).toMatchObject({ value, certainty })
  })

  test('active and inactive for the plan are a conflict', () => {
    expect(snapshotOf(['EB*1*IND*30', 'EB*6*IND*30']).active).toMatchObject({ value: null, certainty: 'conflict' })
  })

  test('a dental line does not make the plan inactive', () => {
    expect(snapshotOf(['EB*1*IND*30', 'EB*6*IND*35']).active).toMatchObject({ value: true, certainty: 'stated' })
  })

  test('a plan that ended before the day of service is not shown as active', () => {
    const person = ['DTP*346*D8*20250101', 'DTP*347*D8*20251231']
    expect(snapshotOf(['EB*1*IND*30'], { person }).active).toMatchObject({ value: null, certainty: 'conflict' })
    expect(snapshotOf(['EB*1*IND*30'], { person, serviceDate: '2025-06-01' }).active).toMatchObject({ value: true, certainty: 'stated' })
  })
})

describe('authorization', () => {
  const value = (...lines: string[]) => {
    const { value: answer, certainty } = snapshotOf(lines).authorization
    return [answer, certainty]
  }

  test('without EB11 is unknown, never no', () => {
    expect(value('EB*1*IND*PT')).toEqual(['unknown', 'absent'])
  })

  test('Y beside N of one service type is a conflict, not a majority', () => {
    expect(value('EB*1*IND*PT********N*Y', 'EB*B*IND*PT***27*20****N*Y', 'EB*F*IND*PT***23***VS*20*Y*Y')).toEqual(['conflict', 'conflict'])
  })

  test('that differs by network depends on the network', () => {
    const snapshot = snapshotOf(['EB*1*IND*PT********N*Y', 'EB*1*IND*PT********Y*N'])
    expect(snapshot.authorization.value).toBe('conflict')
    expect(snapshot.benefits.inNetwork.authorization).toMatchObject({ value: 'N', certainty: 'stated' })
    expect(snapshot.benefits.outOfNetwork.authorization).toMatchObject({ value: 'Y', certainty: 'stated' })
    expect(snapshotOf(['EB*1*IND*PT********N*Y', 'EB*1*IND*PT********Y*N'], { clinicNetwork: 'in' }).authorization.value).toBe('N')
  })

  test('N beside a text that speaks of authorization is a conflict', () => {
    expect(value('EB*1*IND*PT********N*Y', 'MSG*PRE-CERT BY THERAPY VENDOR AFTER 12 VISITS')).toEqual(['conflict', 'conflict'])
    expect(value('EB*1*IND*PT********N*Y', 'MSG*NO AUTHORIZATION REQUIRED')).toEqual(['N', 'stated'])
  })

  test('in a plain sentence counts as text; any condition leaves it unknown', () => {
    expect(value('EB*1*IND*PT', 'MSG*PRIOR AUTHORIZATION IS REQUIRED')).toEqual(['Y', 'text'])
    expect(value('EB*1*IND*PT', 'MSG*NO PRIOR AUTHORIZATION REQUIRED')).toEqual(['N', 'text'])
    expect(value('EB*1*IND*PT', 'MSG*NO AUTH REQUIRED FOR FIRST 12 VISITS')).toEqual(['unknown', 'text'])
    expect(value('EB*1*IND*PT', 'MSG*NO AUTHORIZATION REQUIRED FOR THE EVALUATION')).toEqual(['unknown', 'text'])
    expect(value('EB*1*IND*PT', 'MSG*AUTHORIZATION NOT REQUIRED UNLESS OUT OF AREA')).toEqual(['unknown', 'text'])
  })

  test('for one procedure contradicts a general N', () => {
    expect(value('EB*1*IND*PT********N*Y', 'EB*1*IND*PT********Y*Y*HC:00000')).toEqual(['conflict', 'conflict'])
  })

  test('text of another benefit is not mixed in', () => {
    expect(value('EB*1*IND*PT********N*Y', 'EB*1*IND*62', 'MSG*PRIOR AUTHORIZATION REQUIRED')).toEqual(['N', 'stated'])
  })
})

describe('visits', () => {
  const visits = (...lines: string[]) => snapshotOf(lines).visits

  test('may stand in an HSD, which belongs to its own EB', () => {
    const { allowed, period } = visits('EB*F*IND*PT', 'HSD*VS*30***23*1', 'EB*F*IND*AF', 'HSD*VS*99***23*1')
    expect(allowed).toMatchObject({ value: 30, certainty: 'stated', source: { text: 'HSD*VS*30***23*1' } })
    expect(period.value).toBe('calendar year')
  })

  test('per week are a rate, not the limit', () => {
    const { allowed, rate } = visits('EB*F*IND*PT', 'HSD*VS*2*WK', 'EB*F*IND*PT***23***VS*20')
    expect(allowed.value).toBe(20)
    expect(rate).toMatchObject({ value: { count: 2, unit: 'visits', per: 'WK' } })
  })

  test.each(['EB*F*IND*PT***23***VS*999', 'EB*F*IND*PT***23***VS*99999'])('%s is a placeholder, not a number', (line) => {
    const { allowed, unlimited } = visits(line)
    expect(allowed.value).toBeNull()
    expect(unlimited).toMatchObject({ value: true, certainty: 'derived' })
  })

  test('a code for unlimited is stated', () => {
    expect(visits('EB*H*IND*PT').unlimited).toMatchObject({ value: true, certainty: 'stated' })
  })

  test('zero is a value', () => {
    const { remaining, used } = visits('EB*F*IND*PT***23***VS*20', 'EB*F*IND*PT***29***VS*0')
    expect(remaining).toMatchObject({ value: 0, certainty: 'stated' })
    expect(used).toMatchObject({ value: 20, certainty: 'derived' })
  })

  test('are never subtracted across networks or levels', () => {
    expect(visits('EB*F*IND*PT***23***VS*20**Y', 'EB*F*IND*PT***29***VS*5**N').used.value).toBeNull()
    expect(visits('EB*F*FAM*PT***23***VS*20', 'EB*F*IND*PT***29***VS*5').used.value).toBeNull()
    expect(visits('EB*F*IND*PT***23***VS*20', 'EB*F*IND*AE***29***VS*5').used.value).toBeNull()
  })

  test('left but more than allowed are a conflict', () => {
    expect(visits('EB*F*IND*PT***23***VS*20', 'EB*F*IND*PT***29***VS*30').remaining).toMatchObject({ value: null, certainty: 'conflict' })
  })

  test('of two different limits are a conflict with both', () => {
    const { allowed } = visits('EB*F*IND*PT***23***VS*20', 'EB*F*IND*PT***23***VS*30')
    expect(allowed).toMatchObject({ value: null, certainty: 'conflict' })
    expect(allowed.options.map(({ value }) => value)).toEqual([20, 30])
  })

  test('year to date are used visits, and only derived', () => {
    const { allowed, used } = visits('EB*F*IND*PT***24***VS*8')
    expect(allowed.value).toBeNull()
    expect(used).toMatchObject({ value: 8, certainty: 'derived' })
  })

  test('for habilitative care, another place or another year do not answer', () => {
    const snapshot = snapshotOf([
      'EB*F*IND*PT***23***VS*20',
      'MSG*REHABILITATIVE',
      'EB*F*IND*PT***23***VS*30',
      'MSG*HABILITATIVE',
      'EB*F*IND*PT***23***VS*40',
      'III*ZZ*22',
      'EB*F*IND*PT***23***VS*50',
      'DTP*292*RD8*20250101-20251231',
    ])
    expect(snapshot.visits.allowed).toMatchObject({ value: 20, certainty: 'stated' })
    expect(snapshot.unused.map(({ why }) => why)).toEqual([
      'for habilitative care only',
      'for another place of service',
      'for another period',
    ])
  })

  test('counted in services are marked as such', () => {
    const { allowed, unit } = visits('EB*F*IND*PT***23***P6*30')
    expect([allowed.value, allowed.certainty, unit.value]).toEqual([30, 'derived', 'services'])
  })

  test.each(['HSD*30*VS***23*1', 'HSD*VS*30**23*1', 'HSD*VS*30****23*1', 'HSD*VS*30*23', 'HSD*VS*30X***23'])(
    'of the malformed %s are not read',
    (hsd) => {
      const { allowed, rate } = visits('EB*F*IND*PT', hsd)
      expect([allowed.value, rate.value]).toEqual([null, null])
    },
  )

  test('are shared only when a text says so', () => {
    expect(visits('EB*F*IND*PT^AD^AF***23***VS*60').combinedWith.certainty).toBe('absent')
    expect(visits('EB*F*IND*PT***23***VS*60', 'MSG*COMBINED PT/OT/ST').combinedWith).toMatchObject({
      value: ['PT', 'OT', 'ST'],
      certainty: 'text',
    })
  })
})

test('a line without EB12, or with U, is of no network, and W is of both', () => {
  const amounts = (line: string) => {
    const { inNetwork, outOfNetwork, networkNotStated } = snapshotOf([line]).benefits
    return [inNetwork, outOfNetwork, networkNotStated].map(({ copay }) => copay.value?.amount ?? null)
  }
  expect(amounts('EB*B*IND*PT***27*20')).toEqual([null, null, 20])
  expect(amounts('EB*B*IND*PT***27*20*****U')).toEqual([null, null, 20])
  expect(amounts('EB*B*IND*PT***27*20*****Y')).toEqual([20, null, null])
  expect(amounts('EB*B*IND*PT***27*20*****N')).toEqual([null, 20, null])
  expect(amounts('EB*B*IND*PT***27*20*****W')).toEqual([20, 20, null])
})

test('a value for out-of-network care alone says so', () => {
  const { copay, ask } = snapshotOf(['EB*1*IND*30', 'EB*B*IND*PT***27*60*****N'])
  expect(copay).toMatchObject({ value: { amount: 60 }, network: 'out' })
  expect(copay.note).toContain('out-of-network providers only')
  expect(ask.map(({ topic }) => topic)).toContain('network')
})

describe('amounts', () => {
  test('of the deductible keep individual and family, in and out of network, total and remaining apart', () => {
    const { benefits } = snapshotOf([
      'EB*C*IND*30***23*500*****Y',
      'EB*C*IND*30***29*0*****Y',
      'EB*C*FAM*30***23*1000*****Y',
      'EB*C*IND*30***23*2000*****N',
      'EB*G*IND*30***23*4000*****Y',
    ])
    expect(benefits.inNetwork.deductible.individual.total).toMatchObject({ value: 500, certainty: 'stated', serviceType: '30' })
    expect(benefits.inNetwork.deductible.individual.remaining).toMatchObject({ value: 0, certainty: 'stated' })
    expect(benefits.inNetwork.deductible.family.total.value).toBe(1000)
    expect(benefits.inNetwork.deductible.family.remaining.value).toBeNull()
    expect(benefits.outOfNetwork.deductible.individual.total.value).toBe(2000)
    expect(benefits.outOfNetwork.deductible.individual.remaining.value).toBeNull()
    expect(benefits.inNetwork.outOfPocket.individual.total.value).toBe(4000)
  })

  test('without a period are only derived', () => {
    expect(snapshotOf(['EB*C*IND*30****500']).deductible.individual.total).toMatchObject({ value: 500, certainty: 'derived' })
  })

  test('that are placeholders are no amounts', () => {
    const { copay, deductible } = snapshotOf(['EB*C*IND*30***23*999999.99', 'EB*B*IND*PT***27*9999999'])
    expect([copay.value, deductible.individual.total.value]).toEqual([null, null])
  })

  test('may limit therapy in dollars, for therapy lines only', () => {
    expect(snapshotOf(['EB*F*IND*PT***23*2000', 'EB*F*IND*PT***29*750']).dollarLimit).toMatchObject({
      total: { value: 2000 },
      remaining: { value: 750 },
    })
    expect(snapshotOf(['EB*F*IND*AD*MB**29*1840']).dollarLimit.remaining.value).toBeNull()
  })

  test('of coinsurance are read as a fraction, and marked where the payer sent a percentage', () => {
    expect(snapshotOf(['EB*A*IND*PT***27**.2']).coinsurance).toMatchObject({ value: 20, certainty: 'stated' })
    expect(snapshotOf(['EB*A*IND*PT***27**20']).coinsurance).toMatchObject({ value: 20, certainty: 'derived' })
  })

  test('at the clinic’s place of service go before those without one', () => {
    expect(snapshotOf(['EB*B*IND*PT***27*40', 'EB*B*IND*PT***27*25', 'III*ZZ*11']).copay.value).toEqual({ amount: 25, per: 'visit' })
  })
})

test.each([
  'EB*F*IND*PT*23***VS*20',
  'EB*F*IND*PT**23***VS*20',
  'EB*B*IND*PT**27**20',
  'EB*B*IND*PT***27*20**Y',
  'EB*C*IND*30****23*500',
  'EB*F*IND*PT***23***20*VS',
  'EB*F*PT*IND***23***VS*20',
  'EB**F*IND*PT***23***VS*20',
  'EB*F*IND*PT***23***VS*-3',
  'EB*B*IND*PT***27*1E3',
  'EB*B*IND*PT***27*20*****X',
  'EB*constructor*IND*PT',
  'EB*F*IND*PT***23***VS',
  'EB*1*IND*PT*********N*Y',
  'EB*A*IND*PT***27*20',
  'EB*1*IND*PT********YES*Y',
])('%s is malformed and gives no value', (line) => {
  const snapshot = snapshotOf(['EB*1*IND*30', line])
  expect(snapshot.malformed.map(({ source }) => source.text)).toEqual([line])
  expect([
    snapshot.copay.value,
    snapshot.coinsurance.value,
    snapshot.visits.allowed.value,
    snapshot.deductible.individual.total.value,
    snapshot.authorization.value,
  ]).toEqual([null, null, null, null, 'unknown'])
})

describe('rejections', () => {
  test.each([
    ['42', 'R', 'system'],
    ['80', 'P', 'system'],
    ['43', 'C', 'enrollment'],
    ['71', 'C', 'front-desk'],
    ['75', 'C', 'front-desk'],
    ['33', 'C', 'support'],
    ['ZZ', '', 'unknown'],
  ])('AAA03 %s names who must act', (code, follow, whoActs) => {
    expect(snapshotOf([`AAA*N**${code}*${follow}`]).rejects).toMatchObject([{ level: 'subscriber', code, whoActs }])
  })

  test('at payer level reach every person below, and one inside a benefit stays there', () => {
    const text = wrap271(['EB*1*IND*30', 'EB*B*IND*PT***27*20', 'AAA*N**33*C']).replace('NM1*PR', 'AAA*Y**42*R~\nNM1*PR')
    const [person] = read271(readX12({ text }))
    expect(person?.rejects.map(({ level, code }) => [level, code])).toEqual([['payer', '42']])
    expect(person?.lines[1]?.rejects.map(({ level, code }) => [level, code])).toEqual([['benefit', '33']])
  })
})

test('parties between LS and LE belong to their benefit, with their numbers', () => {
  const { entities } = snapshotOf([
    'EB*U*IND*PT',
    'LS*2120',
    'NM1*X3*2*THERAPY REVIEW INC',
    'PER*IC**TE*8005550100',
    'LE*2120',
    'EB*1*IND*30',
  ])
  expect(entities).toMatchObject([
    {
      role: 'X3',
      meaning: 'utilization management',
      name: 'THERAPY REVIEW INC',
      phones: ['TE 8005550100'],
      benefit: { text: 'EB*U*IND*PT' },
    },
  ])
})

test('an answer that is cut off states nothing for certain, and its last piece is not read', () => {
  const whole = wrap271(['EB*1*IND*30', 'EB*1*IND*PT********N*Y', 'EB*B*IND*PT***27*20*****Y'])
  const [person] = read271(readX12({ text: whole.slice(0, whole.indexOf('*27*20') + 5) }))
  if (person === undefined) throw new Error('The sample has no person.')
  const snapshot = buildSnapshot(person)
  expect(snapshot.complete).toBe(false)
  expect(snapshot.copay.value).toBeNull()
  expect(snapshot.malformed).toMatchObject([{ source: { text: 'EB*B*IND*PT***27*2' } }])
  expect([snapshot.active.certainty, snapshot.authorization.certainty]).toEqual(['derived', 'derived'])
  expect(snapshot.ask[0]?.question).toContain('cut off')
})

test('an other payer and a review company are told', () => {
  const { otherPayers, ask } = snapshotOf([
    'EB*R*IND*30',
    'LS*2120',
    'NM1*PRP*2*FIRST MUTUAL',
    'LE*2120',
    'EB*MC*IND*PT',
    'LS*2120',
    'NM1*X3*2*THERAPY REVIEW INC',
    'LE*2120',
  ])
  expect(otherPayers).toMatchObject([{ names: ['FIRST MUTUAL'] }])
  expect(ask.map(({ topic }) => topic)).toEqual(expect.arrayContaining(['other payer', 'contact']))
})

test('several people and several interchanges give one snapshot each', () => {
  const text = wrap271(['EB*1*IND*30', 'HL*4*2*22*0', 'NM1*IL*1*SECOND*SAM****MI*TST000222', 'EB*6*IND*30'])
  const people = read271(readX12({ text: text + text }))
  expect(people.map((person) => [person.memberId, buildSnapshot(person).active.value])).toEqual([
    ['TST000111', true],
    ['TST000222', false],
    ['TST000111', true],
    ['TST000222', false],
  ])
})

test('a snapshot is what its schema says and survives JSON', () => {
  const snapshot = snapshotOf(['EB*1*IND*30', 'EB*1*IND*PT********U*Y', 'MSG*AUTH AFTER 8 VISITS', 'EB*F*IND*PT***23***VS*20'])
  expect(Snapshot.parse(JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot)
})

test('a question instead of an answer is refused', () => {
  expect(() => read271(readX12({ text: wrap271([]).replace('ST*271', 'ST*270') }))).toThrow(/no 271 answer.*270/)
})

test('for any copay lines each network has the agreed amount of its best service type, a conflict, or nothing', () => {
  const line = fc.record({
    service: fc.constantFrom('PT', 'AE', 'A9', '98', '30', '33', 'PT^AD'),
    network: fc.constantFrom('', 'Y', 'N', 'W', 'U'),
    amount: fc.constantFrom(10, 20, 0),
  })
  const ranks: Record<string, number> = { PT: 0, 'PT^AD': 0, AE: 1, A9: 2, '98': 3, '30': 4 }
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const { benefits } = snapshotOf(lines.map(({ service, network, amount }) => `EB*B*IND*${service}***27*${amount}*****${network}`))
      const therapy = lines.filter(({ service }) => (ranks[service] ?? 9) < 3)
      for (const [networks, facts] of [
        ['YW', benefits.inNetwork],
        ['NW', benefits.outOfNetwork],
        ['U', benefits.networkNotStated],
      ] as const) {
        const here = (therapy.length > 0 ? therapy : lines).filter(
          ({ service, network }) => service in ranks && (network === '' ? networks === 'U' : networks.includes(network)),
        )
        const best = Math.min(...here.map(({ service }) => ranks[service] ?? 9))
        const amounts = [...new Set(here.filter(({ service }) => ranks[service] === best).map(({ amount }) => amount))]
        const certainty = amounts.length === 0 ? 'absent' : amounts.length > 1 ? 'conflict' : best < 3 ? 'stated' : 'derived'
        expect([facts.copay.value?.amount ?? null, facts.copay.certainty]).toEqual([amounts.length === 1 ? amounts[0] : null, certainty])
      }
    }),
    { numRuns: 500, seed: 11 },
  )
})
