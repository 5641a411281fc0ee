import { readdirSync, readFileSync } from 'node:fs'

import { isRefusal } from '@gonio/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { MAX_BYTES, readX12 } from './index.ts'

const FIXTURES = new URL('../../../../../test/fixtures/x12/', import.meta.url)
const Expected = z.record(
  z.string(),
  z.object({
    interchanges: z.number(),
    segments: z.number(),
    transactions: z.number(),
    benefits: z.number(),
    wrong: z.array(z.tuple([z.number(), z.string()])),
  }),
)
const expected = Expected.parse(JSON.parse(readFileSync(new URL('expected.json', FIXTURES), 'utf8')))

function readFixture(path: string): Buffer {
  return readFileSync(new URL(path, FIXTURES))
}

function read(bytes: Uint8Array) {
  return readX12({ base64: Buffer.from(bytes).toString('base64') })
}

const SMALL = readFixture('rfi-snippets/rfi2411_EB11_Y.271').toString()

test('the expected table covers every sample file', () => {
  const files = ['imsweb', 'linuxforhealth', 'rfi-snippets'].flatMap((folder) =>
    readdirSync(new URL(folder, FIXTURES)).map((name) => `${folder}/${name}`),
  )
  expect(Object.keys(expected).sort()).toEqual(files.sort())
  expect(files.length).toBeGreaterThan(60)
})

test.each(Object.entries(expected))('%s has the segments and the trailer faults that were counted independently', (path, row) => {
  const file = read(readFixture(path))
  expect(file.interchanges.length).toBe(row.interchanges)
  expect(file.segmentCount).toBe(row.segments)
  expect(file.interchanges.flatMap((one) => one.groups.flatMap((group) => group.transactions)).length).toBe(row.transactions)
  expect(file.segments.flat().filter((segment) => segment.tag === 'EB').length).toBe(row.benefits)
  const wrong = file.findings.list.filter((finding) => finding.severity === 'error').map((finding) => [finding.segment, finding.code])
  expect(wrong).toEqual(row.wrong)
})

describe('the encoding of a file', () => {
  const texts = readX12({ text: SMALL })
    .segments.flat()
    .map((segment) => segment.text)
  const swapped = (): Buffer => Buffer.from(`\ufeff${SMALL}`, 'utf16le').swap16()
  test.each([
    ['UTF-8 with BOM', () => Buffer.from(`\ufeff${SMALL}`)],
    ['UTF-16LE with BOM', () => Buffer.from(`\ufeff${SMALL}`, 'utf16le')],
    ['UTF-16BE with BOM', swapped],
    ['UTF-16LE without BOM', () => Buffer.from(SMALL, 'utf16le')],
    ['CRLF line ends', () => Buffer.from(SMALL.replaceAll('\n', '\r\n'))],
    ['no line ends', () => Buffer.from(SMALL.replaceAll('\n', ''))],
    ['a line end as terminator', () => Buffer.from(SMALL.replaceAll('~\n', '\n'))],
    ['CRLF as terminator', () => Buffer.from(SMALL.replaceAll('~\n', '\r\n'))],
    ['lines wrapped at 80 characters', () => Buffer.from(SMALL.replaceAll('\n', '').replace(/(.{80})/g, '$1\r\n'))],
    ['control characters as delimiters', () => Buffer.from(SMALL.replaceAll('~\n', '\x1c').replaceAll('*', '\x1d'))],
  ])('%s changes nothing', (_, bytes) => {
    const file = read(bytes())
    expect(file.segments.flat().map((segment) => segment.text.replaceAll('\x1d', '*').replace(/~$/, ''))).toEqual(
      texts.map((text) => text.replace(/~$/, '')),
    )
    expect(file.findings.list.filter((finding) => finding.severity === 'error')).toEqual([])
  })

  test('bytes that are not UTF-8 are read as Latin-1 and reported', () => {
    const file = read(Buffer.from(SMALL.replace('COMMERCIAL', 'COMMERCIÀL'), 'latin1'))
    expect(file.findings.list.map((finding) => finding.code)).toEqual(['encoding'])
    expect(file.segments.flat().some((segment) => segment.text.includes('COMMERCIÀL'))).toBe(true)
  })
})

describe('delimiters', () => {
  test('each interchange is read with its own', () => {
    const other = readFixture('imsweb/x12_valid_different_separators.txt').toString()
    const file = readX12({ text: `${SMALL}\n\n${other}${SMALL}` })
    expect(file.interchanges.length).toBe(3)
    expect(file.segmentCount).toBe(18 + 38 + 18)
    expect(file.segments.map(([isa]) => isa?.delimiters.element)).toEqual(['*', '~', '*'])
  })

  test('a letter in ISA11 is no repetition separator', () => {
    const text = readFixture('rfi-snippets/rfi2816_AD_AE_merged.271').toString()
    const eb = (file: ReturnType<typeof readX12>) => file.segments.flat().find((segment) => segment.text.startsWith('EB*F'))
    expect(eb(readX12({ text }))?.repetitions(3)).toEqual(['AD', 'AE'])
    const old = readX12({ text: text.replace('*^*00501*', '*U*00401*').replaceAll('AD^AE', 'AUTOU') })
    expect(eb(old)?.repetitions(3)).toEqual(['AUTOU'])
  })

  test('composites are split with ISA16', () => {
    const file = readX12({ text: SMALL.replace('EB*1*IND*PT********Y*Y', 'EB*1*IND*PT********Y*Y*HC:0001:GP') })
    expect(
      file.segments
        .flat()
        .find((segment) => segment.text.startsWith('EB*1*IND*PT'))
        ?.components(13),
    ).toEqual(['HC', '0001', 'GP'])
  })
})

describe('a faulty file', () => {
  const codes = (text: string) => readX12({ text }).findings.list.map(({ code, segment }) => [code, segment])

  test('cut in the middle is located', () => {
    const cut = SMALL.slice(0, SMALL.indexOf('EB*1*IND*PT') + 8)
    expect(codes(cut)).toEqual([
      ['unterminated-segment', 15],
      ['truncated', 15],
      ['missing-trailer', 15],
      ['missing-trailer', 15],
    ])
  })

  test('without SE or GE names the transaction and the group', () => {
    expect(codes(SMALL.replace(/SE\*.*~\n/, ''))).toEqual([['missing-trailer', 16]])
    expect(codes(SMALL.replace(/GE\*.*~\n/, ''))).toEqual([['missing-trailer', 17]])
  })

  test('without GS and ST keeps reading', () => {
    expect(codes(SMALL.replace(/GS\*.*~\n/, '')).map(([code]) => code)).toEqual(['unexpected-segment', 'unexpected-segment'])
    expect(codes(SMALL.replace(/ST\*.*~\n/, '')).every(([code]) => code === 'unexpected-segment' || code === 'wrong-count')).toBe(true)
  })

  test('with bytes around the interchange keeps it and counts them', () => {
    expect(codes(`junk\n${SMALL}more junk`)).toEqual([
      ['leading-bytes', 0],
      ['trailing-bytes', 18],
    ])
  })

  test('with a lost last terminator still finds the next interchange', () => {
    const file = readX12({ text: SMALL.replace(/~\n$/, '\n') + SMALL })
    expect(file.interchanges.length).toBe(2)
    expect(file.segmentCount).toBe(36)
    expect(file.findings.list.map(({ code, segment }) => [code, segment])).toEqual([['unterminated-segment', 18]])
  })

  test('with trimmed ISA padding is read by counting elements', () => {
    const file = readX12({ text: SMALL.replace(/ +\*/g, '*') })
    expect(file.segmentCount).toBe(18)
    expect(file.findings.list.map((finding) => finding.code)).toEqual(['isa-not-fixed-width'])
  })

  test('that is no X12 or too large is refused with a way on', () => {
    expect(() => readX12({ text: 'Dear payer, is this patient active?' })).toThrow(/no complete ISA/)
    expect(() => readX12({ text: '' })).toThrow(/no complete ISA/)
    expect(() => readX12({ base64: '%%%%' })).toThrow(/not base64/)
    expect(() => readX12({ text: 'x'.repeat(MAX_BYTES + 1) })).toThrow(/larger than 20 MB/)
  })

  test('of any bytes gives a file or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, withHeader) => {
        try {
          read(withHeader ? Buffer.concat([Buffer.from(SMALL.slice(0, 107)), bytes]) : bytes)
          return true
        } catch (error) {
          return isRefusal(error)
        }
      }),
      { numRuns: 500, seed: 7 },
    )
  })

  test('made to be slow is read in linear time', () => {
    const header = SMALL.slice(0, 106)
    const hostile = [
      `${header}\nXX`.repeat(20_000),
      header + 'A~'.repeat(300_000),
      header + '~'.repeat(2_000_000),
      header + 'ISA*'.repeat(500_000),
    ]
    const started = performance.now()
    for (const text of hostile) readX12({ text })
    expect(performance.now() - started).toBeLessThan(8_000)
  })
})
