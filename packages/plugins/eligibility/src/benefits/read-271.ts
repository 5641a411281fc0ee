import { Refusal } from '@gonio/sdk'

import type { Findings, Segment, Transaction, X12File } from '../x12/index.ts'
import { COVERAGE_LEVELS, SERVICE_TYPES } from './codes.data.ts'
import { readLine, sourceOf } from './line.ts'
import { knowsCode } from './lookup.ts'
import type { BenefitLine, Entity, Person, Reject } from './model.ts'
import { readDate, readDelivery, readEntity, readPeriod, readPhones, readReject } from './parts.ts'

/** Most people and most benefit lines of one file that are read. */
export const MAX_PEOPLE = 5_000
export const MAX_LINES = 100_000

/**
 * All people of all 271 transactions of a file. A transaction that was rejected before it came to a person gives one of level
 * `unidentified`, so that its reason is not lost.
 *
 * @throws Refusal `invalid-input` when the file holds no 271, `too-many` above the limits
 */
export function read271(file: X12File): readonly Person[] {
  const transactions = file.interchanges.flatMap((interchange) => interchange.groups.flatMap((group) => group.transactions))
  const answers = transactions.filter((transaction) => transaction.set === '271')
  if (answers.length === 0) {
    const sets = [...new Set(transactions.map((transaction) => transaction.set))].filter((set) => /^\d{3}$/.test(set)).slice(0, 5)
    throw new Refusal(
      'invalid-input',
      `The file holds no 271 answer${sets.length > 0 ? ` (it holds ${sets.join(', ')})` : ''}. Pass the payer's answer, not the question.`,
    )
  }
  const budget = { people: MAX_PEOPLE, lines: MAX_LINES }
  return answers.flatMap((answer) => readTransaction(answer, file.findings, budget))
}

type Level = 'payer' | 'provider' | 'subscriber' | 'dependent' | 'unknown'
const LEVELS: Readonly<Record<string, Level>> = { '20': 'payer', '21': 'provider', '22': 'subscriber', '23': 'dependent' }
type Draft = { -readonly [Key in keyof Person]: Person[Key] }

/** Where the reading stands. What hangs on an EB follows it, so the order of the segments is the structure. */
interface Cursor {
  level: Level
  payer: Person['payer']
  provider: Person['provider']
  answeredOn: string | null
  /** Rejections above any person, which hold for all below: [payer level, provider level]. */
  shared: { payer: Reject[]; provider: Reject[]; told: boolean }
  subscriber: Draft | null
  person: Draft | null
  line: BenefitLine | null
  entity: Entity | null
  inLoop: Segment | null
  readonly complete: boolean
  readonly people: Draft[]
  readonly levels: Map<string, Level>
}

function readTransaction(transaction: Transaction, findings: Findings, budget: { people: number; lines: number }): Person[] {
  const cursor: Cursor = {
    level: 'unknown',
    payer: { name: '', id: '' },
    provider: { name: '', id: '' },
    answeredOn: null,
    shared: { payer: [], provider: [], told: false },
    subscriber: null,
    person: null,
    line: null,
    entity: null,
    inLoop: null,
    complete: transaction.complete,
    people: [],
    levels: new Map(),
  }
  for (const segment of transaction.segments) {
    if (segment.tag === 'EB' && (budget.lines -= 1) < 0)
      throw new Refusal('too-many', `The file has more than ${MAX_LINES} benefit lines. Split it at an ISA segment.`)
    if (segment.tag === 'HL' && (budget.people -= 1) < 0)
      throw new Refusal('too-many', `The file has more than ${MAX_PEOPLE} levels. Split it at an ISA segment.`)
    // What is cut off may say something else than it seems; an EB is kept as malformed so that its text is seen.
    if (segment.terminated || segment.tag === 'EB') readSegment(segment, cursor, findings)
  }
  closeLoop(cursor, findings)
  tellSharedRejects(cursor)
  // A subscriber who only introduces dependents is not asked about.
  const asked = cursor.people.filter((person, index) => {
    const introduces = person.level === 'subscriber' && cursor.people[index + 1]?.level === 'dependent'
    return !introduces || person.lines.length > 0 || person.rejects.length > 0
  })
  return asked.length > 0 ? asked : [newPerson('unidentified', cursor)]
}

/** A rejection at payer or provider level with nobody below it still has to reach somebody. */
function tellSharedRejects(cursor: Cursor): void {
  const { payer, provider, told } = cursor.shared
  if (!told && payer.length + provider.length > 0) cursor.people.push(newPerson('unidentified', cursor))
}

function readSegment(segment: Segment, cursor: Cursor, findings: Findings): void {
  switch (segment.tag) {
    case 'BHT':
      cursor.answeredOn = readDate(segment.element(4))
      break
    case 'HL':
      startLevel(segment, cursor, findings)
      break
    case 'EB':
      startLine(segment, cursor, findings)
      break
    case 'LS':
      closeLoop(cursor, findings)
      cursor.inLoop = segment
      break
    case 'LE':
      cursor.inLoop = null
      cursor.entity = null
      break
    case 'NM1':
      readName(segment, cursor, findings)
      break
    case 'AAA':
      readAaa(segment, cursor, findings)
      break
    default:
      if (cursor.line === null) readPersonPart(segment, cursor, findings)
      else readLinePart(segment, cursor.line, cursor, findings)
  }
}

function closeLoop(cursor: Cursor, findings: Findings): void {
  if (cursor.inLoop !== null)
    findings.add('loop-not-closed', 'warning', cursor.inLoop, `LS at segment ${cursor.inLoop.position} has no LE.`)
  cursor.inLoop = null
  cursor.entity = null
}

function startLevel(hl: Segment, cursor: Cursor, findings: Findings): void {
  closeLoop(cursor, findings)
  cursor.line = null
  const code = hl.element(3)
  cursor.level = knowsCode(LEVELS, code) ? (LEVELS[code] ?? 'unknown') : 'unknown'
  const parent = hl.element(2)
  const expected: Partial<Record<Level, Level>> = { provider: 'payer', subscriber: 'provider', dependent: 'subscriber' }
  const wanted = expected[cursor.level]
  if (cursor.level === 'unknown' || (wanted !== undefined && cursor.levels.get(parent) !== wanted)) {
    findings.add('hl-parent', 'error', hl, `HL at segment ${hl.position} does not stand under the level it needs.`)
  }
  cursor.levels.set(hl.element(1), cursor.level)
  if (cursor.level === 'subscriber' || cursor.level === 'dependent') {
    cursor.person = newPerson(cursor.level, cursor)
    if (cursor.level === 'subscriber') cursor.subscriber = cursor.person
    cursor.people.push(cursor.person)
    cursor.shared.told = true
  } else {
    if (cursor.level === 'payer' || cursor.shared.provider.length > 0) tellSharedRejects(cursor)
    if (cursor.level === 'payer') cursor.shared = { payer: [], provider: [], told: false }
    else cursor.shared = { payer: cursor.shared.payer, provider: [], told: false }
    cursor.person = null
    cursor.subscriber = null
  }
}

/** A dependent has the plan, the member id and the group of the subscriber unless told otherwise. */
function newPerson(level: Person['level'], cursor: Cursor): Draft {
  const subscriber = level === 'dependent' ? cursor.subscriber : null
  return {
    level,
    complete: cursor.complete,
    familyName: '',
    givenName: '',
    birthDate: null,
    memberId: subscriber?.memberId ?? '',
    groupNumber: subscriber?.groupNumber ?? null,
    traces: [],
    payer: cursor.payer,
    provider: cursor.provider,
    answeredOn: cursor.answeredOn,
    planReference: subscriber?.planReference ?? null,
    dates: [...(subscriber?.dates ?? [])],
    lines: [],
    messages: [],
    rejects: [...cursor.shared.payer, ...cursor.shared.provider],
  }
}

function startLine(eb: Segment, cursor: Cursor, findings: Findings): void {
  closeLoop(cursor, findings)
  const line = readLine(eb)
  if (line.malformed.length > 0) {
    findings.add(
      'malformed-benefit',
      'error',
      eb,
      `EB at segment ${eb.position} is malformed and was not read: ${line.malformed.join('; ')}.`,
    )
  } else if (line.serviceTypes.some((code) => !knowsCode(SERVICE_TYPES, code))) {
    findings.add('unknown-code', 'warning', eb, `EB03 at segment ${eb.position} has a service type that is not in our table.`)
  } else if (line.level !== '' && !knowsCode(COVERAGE_LEVELS, line.level)) {
    findings.add('unknown-code', 'warning', eb, `EB02 at segment ${eb.position} is not in our table.`)
  }
  cursor.line = line
  if (cursor.person === null)
    findings.add(
      'benefit-outside-person',
      'error',
      eb,
      `EB at segment ${eb.position} belongs to no subscriber or dependent and was not used.`,
    )
  else cursor.person.lines.push(line)
}

function readName(nm1: Segment, cursor: Cursor, findings: Findings): void {
  if (cursor.line !== null) {
    if (cursor.inLoop === null)
      findings.add('part-outside-benefit', 'warning', nm1, `NM1 at segment ${nm1.position} follows a benefit without LS.`)
    cursor.entity = readEntity(nm1, cursor.line.source)
    cursor.line.entities.push(cursor.entity)
    return
  }
  const party = { name: [nm1.element(4), nm1.element(3)].filter((part) => part !== '').join(' '), id: nm1.element(9) }
  if (cursor.level === 'payer') cursor.payer = party
  if (cursor.level === 'provider') cursor.provider = party
  if (cursor.person === null) return
  cursor.person.familyName = nm1.element(3)
  cursor.person.givenName = nm1.element(4)
  if (nm1.element(9) !== '') cursor.person.memberId = nm1.element(9)
}

function readAaa(aaa: Segment, cursor: Cursor, findings: Findings): void {
  if (cursor.line !== null) cursor.line.rejects.push(readReject(aaa, 'benefit', findings))
  else if (cursor.person !== null) cursor.person.rejects.push(readReject(aaa, cursor.level, findings))
  else cursor.shared[cursor.level === 'provider' ? 'provider' : 'payer'].push(readReject(aaa, cursor.level, findings))
}

function readPersonPart(segment: Segment, cursor: Cursor, findings: Findings): void {
  const { person } = cursor
  if (person === null) return
  switch (segment.tag) {
    case 'TRN':
      // TRN01 2 is our own number coming back; 1 is the payer's.
      person.traces.push(segment.element(2))
      break
    case 'REF':
      if (segment.element(1) === '6P' || segment.element(1) === '1L') person.groupNumber = segment.element(2)
      if (segment.element(1) === '18') person.planReference = { name: segment.element(3), source: sourceOf(segment) }
      break
    case 'DMG':
      person.birthDate = readDate(segment.element(2))
      break
    case 'DTP':
      person.dates.push(readPeriod(segment, findings))
      break
    case 'MSG':
      findings.add('part-outside-benefit', 'warning', segment, `MSG at segment ${segment.position} follows no benefit.`)
      person.messages.push({ text: segment.element(1), source: sourceOf(segment), benefit: null })
      break
    case 'HSD':
    case 'III':
      findings.add(
        'part-outside-benefit',
        'warning',
        segment,
        `${segment.tag} at segment ${segment.position} follows no benefit and was not used.`,
      )
      break
  }
}

function readLinePart(segment: Segment, line: BenefitLine, cursor: Cursor, findings: Findings): void {
  switch (segment.tag) {
    case 'HSD':
      line.deliveries.push(readDelivery(segment, findings))
      break
    case 'REF':
      line.references.push({ qualifier: segment.element(1), value: segment.element(2), source: sourceOf(segment) })
      break
    case 'DTP':
      line.dates.push(readPeriod(segment, findings))
      break
    case 'MSG':
      line.messages.push({ text: segment.element(1), source: sourceOf(segment), benefit: line.source })
      break
    case 'III':
      if (segment.element(1) === 'ZZ') line.placesOfService.push(segment.element(2))
      break
    case 'PER':
      cursor.entity?.phones.push(...readPhones(segment))
      break
  }
}
