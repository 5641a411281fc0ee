/** A segment to be written: its name and elements; an array is a repeated element. */
export type NewSegment = readonly [tag: string, ...elements: readonly (string | readonly string[])[]]

export interface EnvelopeOptions {
  readonly sender: string
  readonly receiver: string
  /** ISO instant; written in UTC. */
  readonly at: string
  /** 1 to 999,999,999. */
  readonly controlNumber: number
  readonly functionalCode: string
  readonly set: string
  readonly implementation: string
}

/** Writes one transaction in a 005010 test envelope, with the counts and control numbers computed. */
export function writeX12(body: readonly NewSegment[], options: EnvelopeOptions): string {
  const { sender, receiver, at, functionalCode, set, implementation } = options
  const date = at.slice(0, 10).replaceAll('-', '')
  const time = at.slice(11, 16).replace(':', '')
  const number = String(options.controlNumber).padStart(9, '0')
  const pad = (text: string): string => clean(text).padEnd(15).slice(0, 15)
  const transaction = [writeSegment(['ST', set, '0001', implementation]), ...body.map(writeSegment)]
  return [
    `ISA*00*${' '.repeat(10)}*00*${' '.repeat(10)}*ZZ*${pad(sender)}*ZZ*${pad(receiver)}*${date.slice(2)}*${time}*^*00501*${number}*0*T*:~`,
    writeSegment(['GS', functionalCode, sender, receiver, date, time, '1', 'X', implementation]),
    ...transaction,
    writeSegment(['SE', String(transaction.length + 1), '0001']),
    'GE*1*1~',
    `IEA*1*${number}~`,
    '',
  ].join('\n')
}

function writeSegment([tag, ...elements]: NewSegment): string {
  const written = elements.map((element) => (typeof element === 'string' ? clean(element) : element.map(clean).join('^')))
  return `${[tag, ...written].join('*').replace(/\*+$/, '')}~`
}

/** X12 cannot escape: characters that are delimiters here become blanks, letters of other scripts lose their marks. */
function clean(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^\x20-\x7d]|[*^:~]/g, ' ')
    .trim()
}
