import type { VisitFact } from './facts.ts'
import { SERVICES } from './services.data.ts'

export interface Minutes {
  readonly timed: number
  readonly total: number
}

/** Total timed and total treatment minutes of a visit; a service key we do not know counts in the total only. */
export function sumMinutes(visit: VisitFact): Minutes {
  const sum = (rows: VisitFact['services']): number => rows.reduce((total, row) => total + row.minutes, 0)
  return { timed: sum(visit.services.filter((row) => isTimed(row.service))), total: sum(visit.services) }
}

export function isTimed(service: string): boolean {
  return SERVICES[service]?.timed ?? false
}
