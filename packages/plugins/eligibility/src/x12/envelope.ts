import type { Findings } from './finding.ts'
import type { Segment } from './segment.ts'

/** ST to SE. `segments` holds what lies between them. */
export interface Transaction {
  readonly set: string
  readonly controlNumber: string
  readonly implementation: string
  readonly header: Segment
  readonly segments: readonly Segment[]
  /** Segments counted from ST to SE, as SE01 should say. */
  readonly segmentCount: number
  /** False when SE is missing: the answer may go on in a part that was not sent. */
  readonly complete: boolean
}

export interface Group {
  readonly functionalCode: string
  readonly controlNumber: string
  readonly version: string
  readonly date: string
  readonly transactions: readonly Transaction[]
}

export interface Interchange {
  readonly controlNumber: string
  readonly version: string
  readonly sender: string
  readonly receiver: string
  /** ISA15: P production, T test. */
  readonly usage: string
  readonly segmentCount: number
  readonly groups: readonly Group[]
}

interface OpenTransaction {
  readonly header: Segment
  readonly segments: Segment[]
}
interface OpenGroup {
  readonly header: Segment
  readonly transactions: Transaction[]
}

/**
 * Sorts the segments of one interchange into groups and transactions. Counts, control numbers and missing trailers are findings
 * at the segment where they were noticed; the transaction is read all the same.
 */
export function readEnvelope(segments: readonly Segment[], findings: Findings): Interchange {
  const groups: Group[] = []
  let group: OpenGroup | null = null
  let transaction: OpenTransaction | null = null
  const [isa] = segments
  const last = segments.at(-1) ?? null

  const closeTransaction = (at: Segment | null, trailer: Segment | null): void => {
    if (transaction === null) {
      if (trailer !== null) findings.add('unexpected-segment', 'error', trailer, 'SE closes no transaction: its ST is missing.')
      return
    }
    const closed = finishTransaction(transaction, trailer)
    if (trailer === null)
      findings.add('missing-trailer', 'error', at, `The transaction that starts at segment ${transaction.header.position} has no SE.`)
    else checkTrailer({ trailer, number: closed.controlNumber, count: closed.segmentCount, counted: 'segments' }, findings)
    if (group === null) groups.push({ functionalCode: '', controlNumber: '', version: '', date: '', transactions: [closed] })
    else group.transactions.push(closed)
    transaction = null
  }
  const closeGroup = (at: Segment | null, trailer: Segment | null): void => {
    closeTransaction(at, null)
    if (group === null) {
      if (trailer !== null) findings.add('unexpected-segment', 'error', trailer, 'GE closes no group: its GS is missing.')
      return
    }
    const closed = finishGroup(group)
    if (trailer === null)
      findings.add('missing-trailer', 'error', at, `The group that starts at segment ${group.header.position} has no GE.`)
    else checkTrailer({ trailer, number: closed.controlNumber, count: closed.transactions.length, counted: 'transactions' }, findings)
    groups.push(closed)
    group = null
  }
  // An absent transaction or group must not be reported as unclosed.
  const leaveTransaction = (at: Segment): void => {
    if (transaction !== null) closeTransaction(at, null)
  }

  for (const segment of segments.slice(1)) {
    switch (segment.tag) {
      case 'GS':
        leaveTransaction(segment)
        if (group !== null) closeGroup(segment, null)
        group = { header: segment, transactions: [] }
        break
      case 'ST':
        leaveTransaction(segment)
        if (group === null) findings.add('unexpected-segment', 'error', segment, 'ST stands outside of a group: its GS is missing.')
        transaction = { header: segment, segments: [] }
        break
      case 'SE':
        closeTransaction(segment, segment)
        break
      case 'GE':
        leaveTransaction(segment)
        closeGroup(segment, segment)
        break
      case 'IEA':
        leaveTransaction(segment)
        if (group !== null) closeGroup(segment, null)
        checkTrailer({ trailer: segment, number: isa?.element(13) ?? '', count: groups.length, counted: 'groups' }, findings)
        break
      case 'TA1':
        break
      default:
        if (transaction === null)
          findings.add(
            'unexpected-segment',
            'error',
            segment,
            `Segment ${segment.position} stands outside of a transaction and is not read.`,
          )
        else transaction.segments.push(segment)
    }
  }
  if (last?.tag !== 'IEA') {
    findings.add(
      'truncated',
      'error',
      last,
      `The interchange ends at segment ${last?.position ?? 0} without IEA: the file is cut off, or its end was not sent.`,
    )
    if (transaction !== null) closeTransaction(last, null)
    if (group !== null) closeGroup(last, null)
  }
  return {
    controlNumber: isa?.element(13) ?? '',
    version: isa?.element(12) ?? '',
    sender: isa?.element(6) ?? '',
    receiver: isa?.element(8) ?? '',
    usage: isa?.element(15) ?? '',
    segmentCount: segments.length,
    groups,
  }
}

function finishTransaction(open: OpenTransaction, trailer: Segment | null): Transaction {
  return {
    set: open.header.element(1),
    controlNumber: open.header.element(2),
    implementation: open.header.element(3),
    header: open.header,
    segments: open.segments,
    segmentCount: open.segments.length + (trailer === null ? 1 : 2),
    complete: trailer !== null,
  }
}

function finishGroup({ header, transactions }: OpenGroup): Group {
  return {
    functionalCode: header.element(1),
    controlNumber: header.element(6),
    version: header.element(8),
    date: header.element(4),
    transactions,
  }
}

/** SE, GE and IEA have the same shape: how many, and the number of the opening segment. */
function checkTrailer(of: { trailer: Segment; number: string; count: number; counted: string }, findings: Findings): void {
  const { trailer, number, count, counted } = of
  const said = trailer.element(1)
  if (!/^\d{1,10}$/.test(said) || Number(said) !== count) {
    findings.add('wrong-count', 'error', trailer, `${trailer.tag}01 does not match: it should say ${count} ${counted}.`)
  }
  if (trailer.element(2) !== number) {
    findings.add('wrong-control-number', 'error', trailer, `${trailer.tag}02 is not the control number of the segment it closes.`)
  }
}
