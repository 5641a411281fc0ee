import { buildSnapshot } from './snapshot.ts'
import type { Snapshot, SnapshotOptions } from './snapshot.ts'
import { read271 } from './read-271.ts'
import { readX12 } from '../x12/index.ts'

/** A 271 for one invented subscriber around some benefit segments; for tests of this folder. */
export function wrap271(segments: readonly string[], extra: { date?: string; person?: readonly string[] } = {}): string {
  const body = [
    'ST*271*0001*005010X279A1',
    `BHT*0022*11*10001234*${extra.date ?? '20260105'}*1200`,
    'HL*1**20*1',
    'NM1*PR*2*COMMERCIAL PAYER*****PI*99999',
    'HL*2*1*21*1',
    'NM1*1P*2*RIVERBEND PHYSICAL THERAPY*****XX*1234567893',
    'HL*3*2*22*0',
    'NM1*IL*1*TESTPATIENT*PAT****MI*TST000111',
    ...(extra.person ?? []),
    ...segments,
  ]
  const envelope = 'ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000001*0*T*:'
  return [
    envelope,
    'GS*HB*SENDER*RECEIVER*20260105*1200*1*X*005010X279A1',
    ...body,
    `SE*${body.length + 1}*0001`,
    'GE*1*1',
    'IEA*1*000000001',
    '',
  ].join('~\n')
}

export function snapshotOf(
  segments: readonly string[],
  options: SnapshotOptions & { date?: string; person?: readonly string[] } = {},
): Snapshot {
  return snapshotOfText(wrap271(segments, options), options)
}

export function snapshotOfText(text: string, options: SnapshotOptions = {}): Snapshot {
  const [person] = read271(readX12({ text }))
  if (person === undefined) throw new Error('The sample has no person.')
  return buildSnapshot(person, options)
}
