import type { Measurement } from '@gonio/sdk'

import { findInstrument } from './instruments.data.ts'
import { scoreInstrument } from './score.ts'

/** False for an instrument whose stored answers give no score: such a measurement is kept, but proves nothing. */
export function isScored(measurement: Measurement): boolean {
  const instrument = findInstrument(measurement.code)
  const items: unknown = measurement.detail?.['items']
  if (instrument === undefined || !Array.isArray(items)) return true
  const numbers = items.map((item: unknown) => (typeof item === 'number' ? item : null))
  if (!instrument.itemCounts.includes(numbers.length)) return false
  const [min, max] = instrument.itemRange
  if (numbers.some((item) => item !== null && !(Number.isInteger(item) && item >= min && item <= max))) return false
  return scoreInstrument({ instrument: instrument.id, items: numbers }).score !== null
}
