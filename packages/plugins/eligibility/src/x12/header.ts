import type { Delimiters } from './segment.ts'

/** The ISA of one interchange: where it stands and which characters it defines. */
export interface Header {
  readonly start: number
  /** Offset of the segment terminator of ISA. */
  readonly end: number
  readonly delimiters: Delimiters
  readonly fixedWidth: boolean
}

/** ISA has 106 characters with its terminator; files with trimmed padding or wrapped lines stay below this. */
const MAX_HEADER = 220
const FIXED_WIDTH = 106

/** The next ISA at or after `from`, and how many characters that are not blank were passed over. */
export function findHeader(text: string, from: number): { header: Header | null; skipped: number } {
  let at = text.indexOf('ISA', from)
  while (at !== -1) {
    const header = readHeader(text, at)
    if (header !== null) return { header, skipped: countInk(text, from, at) }
    at = text.indexOf('ISA', at + 3)
  }
  return { header: null, skipped: countInk(text, from, text.length) }
}

/** Reads the delimiters by counting the sixteen elements, so that trimmed or wrapped headers work too. Null when it is no ISA. */
export function readHeader(text: string, start: number): Header | null {
  const element = text[start + 3]
  if (element === undefined || isWordOrBlank(element)) return null
  let at = start + 3
  const starts: number[] = []
  const last = Math.min(text.length, start + MAX_HEADER)
  for (; at < last && starts.length < 16; at += 1) if (text[at] === element) starts.push(at + 1)
  const [isa11, isa16] = [starts[10], starts[15]]
  if (isa11 === undefined || isa16 === undefined) return null
  const component = text[isa16]
  const segment = text[isa16 + 1]
  if (component === undefined || segment === undefined || component === element || segment === element || segment === component) return null
  if (isWordOrBlank(component) || /[A-Za-z0-9 ]/.test(segment)) return null
  // X12 delimiters are single bytes.
  if (element > '\xff' || component > '\xff' || segment > '\xff') return null
  const eleventh = text.slice(isa11, (starts[11] ?? isa11 + 2) - 1).trim()
  const delimiters = { element, component, segment, repetition: readRepetition(eleventh, [element, component, segment]) }
  return { start, end: isa16 + 1, delimiters, fixedWidth: isa16 + 2 - start === FIXED_WIDTH }
}

/** Until 004010 ISA11 named the standards body ("U"), and many 005010 files still carry it: a letter is never a separator. */
function readRepetition(eleventh: string, others: readonly string[]): string | null {
  if (eleventh.length !== 1 || isWordOrBlank(eleventh) || others.includes(eleventh)) return null
  return eleventh
}

function isWordOrBlank(character: string): boolean {
  return /[\p{L}\p{N}\s]/u.test(character)
}

function countInk(text: string, from: number, to: number): number {
  let ink = 0
  for (let at = from; at < to; at += 1) if (text.charCodeAt(at) > 0x20) ink += 1
  return ink
}
