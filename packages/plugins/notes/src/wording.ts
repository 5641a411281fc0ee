/// <reference lib="esnext.temporal" />
import type { MeasurementFact, Side } from './facts.ts'
import { MEASURE_FAMILIES, MEASURES } from './measures.data.ts'
import type { MeasureWords } from './measures.data.ts'
import { SERVICES } from './services.data.ts'

/** The words for a measurement code, or null when this plugin has none: then the value is listed as not in the note. */
export function describeMeasure(code: string): MeasureWords | null {
  const known = MEASURES[code]
  if (known !== undefined) return known
  const family = MEASURE_FAMILIES.find((candidate) => code.startsWith(candidate.prefix) && code.length > candidate.prefix.length)
  if (family === undefined) return null
  return { ...family, title: `${code.slice(family.prefix.length).replaceAll('-', ' ')}${family.ending}` }
}

/** Why a value cannot be worded, or null. */
export function findMeasureProblem(fact: MeasurementFact): string | null {
  const words = describeMeasure(fact.code)
  if (words === null) return 'no wording for this measure'
  if (fact.unit !== words.unit) return `recorded in ${fact.unit}, expected ${words.unit}`
  return fact.value < words.min || fact.value > words.max ? `outside the range ${words.min} to ${words.max}` : null
}

export function tellValue(code: string, value: number): string {
  return `${tellNumber(value)}${describeMeasure(code)?.suffix ?? ''}`
}

export function tellNumber(value: number): string {
  return String(Math.round(value * 100) / 100).replace('-', '−')
}

/** "right knee flexion": the side leads, as in clinical language. */
export function tellSided(side: Side | undefined, title: string): string {
  return side === undefined || side === 'none' ? title : `${side} ${title}`
}

export function titleService(key: string): string {
  return SERVICES[key]?.title ?? key.replaceAll('-', ' ')
}

/** MM/DD/YYYY, of a day or of an instant at the clinic. */
export function tellDate(value: string, timeZone: string): string {
  const date =
    value.length === 10 ? Temporal.PlainDate.from(value) : Temporal.Instant.from(value).toZonedDateTimeISO(timeZone).toPlainDate()
  return `${String(date.month).padStart(2, '0')}/${String(date.day).padStart(2, '0')}/${date.year}`
}

export function countYears(birthDate: string, instant: string, timeZone: string): number {
  const day = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate()
  return Temporal.PlainDate.from(birthDate).until(day, { largestUnit: 'years' }).years
}

/** Only plain letters: upper case of others may change the length or the letter itself. */
export function capitalize(text: string): string {
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase())
}

/** Ends a sentence that may already have its own mark. */
export function endSentence(text: string): string {
  return /[.!?…]["”]?$/.test(text) ? text : `${text}.`
}

/** Words as they were said, on one line. */
export function quote(text: string): string {
  return `"${oneLine(text)}"`
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

const REGION_WORDS: Readonly<Record<string, string>> = { 'wrist-hand': 'wrist and hand', 'ankle-foot': 'ankle and foot' }

export function tellRegion(region: string): string {
  return REGION_WORDS[region] ?? region.replaceAll('-', ' ')
}
