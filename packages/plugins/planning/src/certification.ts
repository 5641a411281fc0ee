/// <reference lib="esnext.temporal" />
import { Refusal } from '@gonio/sdk'

import { CERTIFICATION_SPANS } from './certification.data.ts'

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** The clinic's calendar day of an instant. */
export function toClinicDate(instant: string, timeZone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/** Last certified day: the end of the planned duration, at most the statutory span after the evaluation. */
export function endCertification(evaluationDate: string, durationWeeks: number): string {
  const span = CERTIFICATION_SPANS.findLast((row) => row.effectiveFrom <= evaluationDate)
  if (span === undefined)
    throw new Refusal('invalid-input', 'The evaluation date lies before the certification rules this plugin knows. Check the date.')
  return addDays(evaluationDate, Math.min(Math.round(durationWeeks * 7), span.days))
}
