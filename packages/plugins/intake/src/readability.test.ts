import { describe, expect, it } from 'vitest'

import { CLOSING, OPENING } from './interview.data.ts'
import type { Words } from './question.ts'
import { RED_FLAG_ITEMS } from './red-flag-items.data.ts'
import { ANSWER_PROBLEMS, DONE, URGENT, URGENT_SELF_HARM } from './texts.data.ts'

const STAFF_ONLY = new Set(['alternative-diagnosis-likely', 'sitting-in-ed', 'no-midline-tenderness'])
const texts: readonly Words[] = [
  URGENT,
  URGENT_SELF_HARM,
  DONE,
  ...Object.values(ANSWER_PROBLEMS),
  ...[...OPENING, ...CLOSING, ...RED_FLAG_ITEMS.filter((item) => !STAFF_ONLY.has(item.id))].flatMap((question) =>
    question.hint === undefined ? [question.text] : [question.text, question.hint],
  ),
]
const labels = [...OPENING, ...CLOSING].flatMap((question) => question.options?.map((option) => option.label) ?? [])

function syllables(word: string): number {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '')
  if (plain === '') return 1
  const silent =
    plain.length > 3 ? plain.replace(/(?:[^laeiouy]es|[^laeiouytd]ed|[^laeiouy]e)$/, '').replace(/^y/, '') : plain.replace(/e$/, '')
  return Math.max(1, (silent.match(/[aeiouy]{1,2}/g) ?? []).length)
}

/** Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid 1975). */
function gradeOf(text: string): number {
  const words = text.split(/\s+/).filter((word) => /\w/.test(word))
  const sentences = Math.max(1, (text.match(/[.!?:]+(?=\s|$)/g) ?? []).length)
  return (0.39 * words.length) / sentences + (11.8 * words.reduce((sum, word) => sum + syllables(word), 0)) / words.length - 15.59
}

describe('texts for patients', () => {
  it('the grade formula tells easy from hard', () => {
    expect(gradeOf('The cat sat on the mat.')).toBeLessThan(2)
    expect(
      gradeOf('Demonstrable deterioration of neurological functionality necessitates immediate multidisciplinary evaluation.'),
    ).toBeGreaterThan(12)
  })

  it.each(texts.map((text) => [text.en]))('grade 6 or below: %s', (en) => {
    expect(texts.length).toBeGreaterThan(70)
    expect(gradeOf(en)).toBeLessThanOrEqual(6)
  })

  it('all of them together stay below grade 5', () => expect(gradeOf(texts.map((text) => text.en).join(' '))).toBeLessThan(5))

  it('every text and label is there in both languages, and Spanish sentences are short', () => {
    for (const { en, es } of [...texts, ...labels]) {
      expect(en.trim() !== '' && es.trim() !== '').toBe(true)
      for (const sentence of es.split(/[.!?:]+/)) expect(sentence.trim().split(/\s+/).length).toBeLessThanOrEqual(20)
    }
  })

  it('the urgent text starts with 911 in both languages, the self-harm text names 988', () => {
    expect(URGENT.en).toMatch(/^Call 911/)
    expect(URGENT.es).toMatch(/^Llame al 911/)
    for (const text of Object.values(URGENT_SELF_HARM)) expect(text).toMatch(/911[\s\S]*988/)
  })
})
