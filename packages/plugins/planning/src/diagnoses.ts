import { FAVORITE_DIAGNOSES, RETIRED_DIAGNOSES } from './diagnoses.data.ts'

const FORMAT = /^[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$/

/** Why a code cannot be billed on `date` (ISO), or null when nothing we know speaks against it. */
export function findDiagnosisProblem(code: string, date: string): string | null {
  if (!FORMAT.test(code)) return `${code.slice(0, 12)} does not have the form of an ICD-10-CM code.`
  const retired = RETIRED_DIAGNOSES[code]
  if (retired !== undefined && date >= retired.from)
    return `${code} is not billable since ${retired.from}: use ${retired.instead.join(', ')}.`
  if (retired === undefined) {
    const longer = Object.keys(FAVORITE_DIAGNOSES).filter((favorite) => favorite.length > code.length && favorite.startsWith(code))
    if (longer.length > 0) return `${code} is a heading, not a billable code: use ${longer.slice(0, 4).join(', ')}.`
  }
  // Injury chapter: the 7th character (A, D, S) is part of the code.
  if (/^[ST]/.test(code) && code.replace('.', '').length < 7) return `${code} needs a 7th character; D (routine healing) is usual in PT.`
  return null
}

export function titleDiagnosis(code: string): string {
  const title = FAVORITE_DIAGNOSES[code]
  return title === undefined ? code : `${code} ${title}`
}
