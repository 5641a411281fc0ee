import { writeX12 } from '../x12/index.ts'
import type { NewSegment } from '../x12/index.ts'

/** What the simulated payer can answer. */
export const SCENARIOS = [
  'active-with-limit',
  'authorization-required',
  'authorization-unclear',
  'inactive',
  'member-not-found',
  'payer-down',
] as const
export type Scenario = (typeof SCENARIOS)[number]

/** What a real payer would find in our question. */
export interface Inquiry {
  readonly payerId: string
  readonly payerName: string
  readonly memberId: string
  readonly groupNumber: string | null
  readonly familyName: string
  readonly givenName: string
  /** ISO date. */
  readonly birthDate: string
  /** ISO date. */
  readonly serviceDate: string
  /** ISO instant. */
  readonly at: string
  readonly trace: string
}

/** The scenario of a member id: the longest suffix that fits wins, so that the order of the settings does not matter. */
export function chooseScenario(memberId: string, settings: { scenario: Scenario; bySuffix: Readonly<Record<string, Scenario>> }): Scenario {
  const fitting = Object.keys(settings.bySuffix).filter((suffix) => memberId.toUpperCase().endsWith(suffix.toUpperCase()))
  const best = fitting.sort((a, b) => b.length - a.length)[0]
  return best === undefined ? settings.scenario : (settings.bySuffix[best] ?? settings.scenario)
}

/** The answer of a payer that does not exist: a complete 271 in 005010. The same inquiry and scenario give the same text. */
export function simulate271(inquiry: Inquiry, scenario: Scenario): string {
  return writeX12(
    [
      ['BHT', '0022', '11', inquiry.trace, inquiry.at.slice(0, 10).replaceAll('-', ''), inquiry.at.slice(11, 16).replace(':', '')],
      ...answer(inquiry, scenario),
    ],
    {
      sender: 'SIMULATOR',
      receiver: 'GONIO',
      at: inquiry.at,
      controlNumber: (hash(inquiry.trace) % 999_999_999) + 1,
      functionalCode: 'HB',
      set: '271',
      implementation: '005010X279A1',
    },
  )
}

function answer(inquiry: Inquiry, scenario: Scenario): NewSegment[] {
  const down = scenario === 'payer-down'
  const payer: NewSegment[] = [
    ['HL', '1', '', '20', down ? '0' : '1'],
    ['NM1', 'PR', '2', inquiry.payerName, '', '', '', '', 'PI', inquiry.payerId],
  ]
  if (down) return [...payer, ['AAA', 'Y', '', '42', 'R']]
  return [
    ...payer,
    ['HL', '2', '1', '21', '1'],
    ['NM1', '1P', '2', 'CLINIC', '', '', '', '', 'XX', '1234567893'],
    ...subscriber(inquiry, scenario),
  ]
}

function subscriber(inquiry: Inquiry, scenario: Scenario): NewSegment[] {
  const who: NewSegment[] = [
    ['HL', '3', '2', '22', '0'],
    ['TRN', '2', inquiry.trace, '9GONIOCLIN'],
    ['NM1', 'IL', '1', inquiry.familyName, inquiry.givenName, '', '', '', 'MI', inquiry.memberId],
  ]
  if (scenario === 'member-not-found') return [...who, ['AAA', 'Y', '', '75', 'C']]
  const group: NewSegment[] = inquiry.groupNumber === null ? [] : [['REF', '6P', inquiry.groupNumber]]
  const demographics: NewSegment[] = [
    ['DMG', 'D8', inquiry.birthDate.replaceAll('-', '')],
    ['DTP', '291', 'D8', inquiry.serviceDate.replaceAll('-', '')],
  ]
  return [...who, ...group, ...demographics, ...benefits(inquiry, scenario)]
}

function benefits(inquiry: Inquiry, scenario: Scenario): NewSegment[] {
  if (scenario === 'inactive') return [['EB', '6', 'IND', '30', '', 'SIMULATED PLAN']]
  const allowed = [20, 30, 40, 60][hash(inquiry.memberId) % 4] ?? 30
  const remaining = allowed - (hash(`${inquiry.memberId}:used`) % 9)
  const copay = String([15, 20, 25, 40][hash(`${inquiry.memberId}:copay`) % 4] ?? 25)
  const authorization = scenario === 'authorization-required' ? 'Y' : scenario === 'authorization-unclear' ? 'U' : 'N'
  const texts: NewSegment[] = scenario === 'authorization-unclear' ? [['MSG', 'AUTHORIZATION MAY BE REQUIRED AFTER FIRST 8 VISITS']] : []
  return [
    ['EB', '1', 'IND', '30', 'PR', 'SIMULATED PLAN'],
    ['EB', 'C', 'IND', '30', '', '', '23', '500', '', '', '', '', 'Y'],
    ['EB', 'C', 'IND', '30', '', '', '29', '120', '', '', '', '', 'Y'],
    ['EB', 'G', 'IND', '30', '', '', '23', '4000', '', '', '', '', 'Y'],
    ['EB', '1', 'IND', 'PT', '', '', '', '', '', '', '', authorization, 'Y'],
    ...texts,
    ['EB', 'B', 'IND', 'PT', '', '', '27', copay, '', '', '', '', 'Y'],
    ['EB', 'F', 'IND', 'PT', '', '', '23', '', '', 'VS', String(allowed), '', 'Y'],
    ['EB', 'F', 'IND', 'PT', '', '', '29', '', '', 'VS', String(remaining), '', 'Y'],
  ]
}

/** FNV-1a, 32 bit: spreads the invented plans, nothing depends on its quality. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0
  return value
}
