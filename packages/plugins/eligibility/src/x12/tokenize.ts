import { Refusal } from '@gonio/sdk'

import { findHeader, readHeader } from './header.ts'
import type { Header } from './header.ts'
import type { Findings } from './finding.ts'
import { Segment } from './segment.ts'

/** Most segments of one file. */
export const MAX_SEGMENTS = 1_000_000
/** Longest segment in characters; what is longer has lost its terminator. */
const MAX_SEGMENT_LENGTH = 65_536

/**
 * Cuts a decoded file into segments, interchange by interchange, with the delimiters of each ISA.
 * Returns one array per interchange; whatever lies outside of them is a finding.
 *
 * @throws Refusal `invalid-input` when no ISA is found, `too-large` above {@link MAX_SEGMENTS}
 */
export function tokenizeX12(text: string, findings: Findings): readonly (readonly Segment[])[] {
  const interchanges: Segment[][] = []
  let next: { header: Header | null; skipped: number } = findHeader(text, 0)
  if (next.header === null) {
    throw new Refusal(
      'invalid-input',
      'This is not a readable X12 file: no complete ISA segment was found. Pass the whole file as the payer or clearinghouse sent it.',
    )
  }
  if (next.skipped > 0) findings.add('leading-bytes', 'warning', null, `${next.skipped} characters before the first ISA were skipped.`)
  const search = new TerminatorSearch(text)
  let count = 0
  while (next.header !== null) {
    const segments: Segment[] = []
    interchanges.push(segments)
    const end = readInterchange({ text, search, header: next.header, firstPosition: count + 1, segments, findings })
    count += segments.length
    next = findHeader(text, end)
    if (next.skipped > 0) {
      const last = segments.at(-1) ?? null
      findings.add(
        'trailing-bytes',
        'warning',
        last,
        `${next.skipped} characters after the end of interchange ${interchanges.length} were skipped.`,
      )
    }
  }
  return interchanges
}

/** Remembers where each terminator stands next, so that a hostile file cannot make every segment search to the end. */
class TerminatorSearch {
  readonly #text: string
  readonly #next = new Map<string, number>()

  constructor(text: string) {
    this.#text = text
  }

  /** Offset of the first `terminator` at or after `from`; the end of the text when there is none. */
  find(terminator: string, from: number): number {
    const known = this.#next.get(terminator)
    if (known !== undefined && known >= from) return known
    const found = this.#text.indexOf(terminator, from)
    const at = found === -1 ? this.#text.length : found
    this.#next.set(terminator, at)
    return at
  }
}

interface Interchange {
  readonly text: string
  readonly search: TerminatorSearch
  readonly header: Header
  readonly firstPosition: number
  readonly segments: Segment[]
  readonly findings: Findings
}

/** Reads up to and including IEA, or to the next ISA, or to the end of the text. Returns where it stopped. */
function readInterchange({ text, search, header, firstPosition, segments, findings }: Interchange): number {
  const { delimiters } = header
  let at = header.start
  while (at < text.length) {
    at = skipBlank(text, at, delimiters.element)
    if (at >= text.length) break
    if (segments.length > 0 && text.startsWith('ISA', at) && readHeader(text, at) !== null) return at
    const position = firstPosition + segments.length
    if (position > MAX_SEGMENTS)
      throw new Refusal('too-large', `The file has more than ${MAX_SEGMENTS} segments. Split it at an ISA segment.`)
    let end = segments.length === 0 ? header.end : search.find(delimiters.segment, at)
    let terminated = end < text.length
    if (end - at > MAX_SEGMENT_LENGTH) {
      end = at + MAX_SEGMENT_LENGTH
      terminated = false
    }
    let raw = text.slice(at, end)
    if (raw.includes('\n') || raw.includes('\r')) {
      const cut = segments.length === 0 ? -1 : lostTerminator(text, at, end)
      if (cut !== -1) {
        end = cut
        terminated = false
      }
      raw = text
        .slice(at, end)
        .replace(/[\r\n]+/g, '')
        .trimEnd()
    }
    if (raw === '') {
      findings.add(
        'empty-segment',
        'warning',
        { position, tag: '' },
        `Between segment ${position - 1} and the next stands an empty segment; it is not counted.`,
      )
      at = end + 1
      continue
    }
    const segment = new Segment({ position, offset: at, text: raw, delimiters, terminated })
    segments.push(segment)
    if (segment.tag === 'ISA' && !header.fixedWidth) {
      findings.add(
        'isa-not-fixed-width',
        'warning',
        segment,
        'ISA does not have its fixed width of 106 characters; the delimiters were found by counting elements.',
      )
    }
    if (!terminated)
      findings.add('unterminated-segment', 'warning', segment, `Segment ${position} has no terminator: the file may be cut off here.`)
    else if (!/^[A-Z][A-Z0-9]{1,2}$/.test(segment.tag))
      findings.add('unknown-tag', 'error', segment, `Segment ${position} does not start with a segment name.`)
    at = terminated ? end + 1 : end
    if (segment.tag === 'IEA') return Math.min(at, text.length)
  }
  return text.length
}

/** Where the previous interchange lost its last terminator, the next ISA starts on a new line inside the "segment". */
function lostTerminator(text: string, from: number, end: number): number {
  const segment = text.slice(from, end)
  let at = segment.indexOf('ISA', 1)
  for (let tries = 0; at !== -1 && tries < 8; tries += 1) {
    const before = segment[at - 1]
    if ((before === '\n' || before === '\r') && readHeader(text, from + at) !== null) return from + at
    at = segment.indexOf('ISA', at + 3)
  }
  return -1
}

function skipBlank(text: string, from: number, element: string): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 0x20 && text[at] !== element) at += 1
  return at
}
