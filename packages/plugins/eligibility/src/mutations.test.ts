import { readdirSync, readFileSync } from 'node:fs'

import { isRefusal } from '@gonio/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { Source } from './benefits/index.ts'
import { readAnswerFile, Read271Output, readX12File } from './procedures.ts'

const FIXTURES = new URL('../../../../test/fixtures/x12/', import.meta.url)
const files = ['rfi-snippets', 'linuxforhealth', 'imsweb']
  .flatMap((folder) => readdirSync(new URL(folder, FIXTURES)).map((name) => readFileSync(new URL(`${folder}/${name}`, FIXTURES))))
  .filter((bytes) => bytes.length < 10_000)
const answers = files.filter((bytes) => bytes.includes('ST*271'))

const RUNS = 2_000
/** Bytes that matter in X12 are drawn more often than others. */
const byte = fc.oneof(fc.constantFrom(...Buffer.from('*~^:>\n\r AENUY0129')), fc.integer({ min: 0, max: 255 }))
const mutation = fc.record({
  kind: fc.constantFrom('set', 'insert', 'delete', 'cut', 'repeat'),
  at: fc.nat(9_999),
  length: fc.integer({ min: 1, max: 60 }),
  byte,
})
type Mutation = typeof mutation extends fc.Arbitrary<infer One> ? One : never

function mutate(bytes: Buffer, { kind, at: anywhere, length, byte: value }: Mutation): Buffer {
  const at = bytes.length === 0 ? 0 : anywhere % bytes.length
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  if (kind === 'cut') return before
  if (kind === 'delete') return Buffer.concat([before, after.subarray(length)])
  if (kind === 'repeat') return Buffer.concat([before, after.subarray(0, length), after])
  return Buffer.concat([before, Buffer.of(value), after.subarray(kind === 'set' ? 1 : 0)])
}

function collectSources(value: unknown, found: Source[]): Source[] {
  if (typeof value !== 'object' || value === null) return found
  if (Object.keys(value).join() === 'segment,text') found.push(Source.parse(value))
  else for (const part of Object.values(value)) collectSources(part, found)
  return found
}

test(`${RUNS} mutated answers give a snapshot whose every source stands in the file, or a refusal`, () => {
  let read = 0
  let refused = 0
  fc.assert(
    fc.property(fc.constantFrom(...answers), fc.array(mutation, { minLength: 1, maxLength: 6 }), (original, mutations) => {
      const base64 = mutations.reduce(mutate, original).toString('base64')
      try {
        const output = readAnswerFile({ base64, skip: 0, withLines: true })
        const lines = new Map(readX12File({ base64, skip: 0, limit: 20_000 }).segments.map((segment) => [segment.position, segment.text]))
        for (const { segment, text } of collectSources(output.snapshots, [])) expect(lines.get(segment)?.slice(0, 1_000)).toBe(text)
        Read271Output.parse(output)
        read += 1
      } catch (error) {
        if (!isRefusal(error)) throw error
        refused += 1
      }
    }),
    { numRuns: RUNS, seed: 271 },
  )
  expect(read).toBeGreaterThan(RUNS / 2)
  expect(refused).toBeGreaterThan(0)
}, 60_000)

test(`${RUNS} mutated files of every kind give envelopes and findings, or a refusal`, () => {
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.array(mutation, { minLength: 1, maxLength: 6 }), (original, mutations) => {
      try {
        const output = readX12File({ base64: mutations.reduce(mutate, original).toString('base64'), skip: 0, limit: 20_000 })
        return output.segments.length === output.segmentCount
      } catch (error) {
        return isRefusal(error)
      }
    }),
    { numRuns: RUNS, seed: 837 },
  )
}, 60_000)

test('an answer cut at any byte says that it is cut, and where', () => {
  const whole = readFileSync(new URL('rfi-snippets/rfi2816_AD_AE_merged.271', FIXTURES)).toString()
  const start = whole.indexOf('BHT')
  const end = whole.lastIndexOf('IEA')
  for (let at = start; at < end; at += 1) {
    const { findings, segmentCount } = readX12File({ text: whole.slice(0, at), skip: 0, limit: 0 })
    expect(findings.find((finding) => finding.code === 'truncated')?.segment).toBe(segmentCount)
  }
})
