import { Refusal } from '@gonio/sdk'
import type { GonioEvent, JobInput, Refs } from '@gonio/sdk'

/** What waits in a queue: which handler of which plugin, with ids only. Operators see it; it never holds patient data. */
export interface JobData {
  readonly organizationId: string
  readonly plugin: string
  /** `event:<type>` or `job:<name>`. */
  readonly handler: string
  readonly input: JobInput | GonioEvent
  readonly refs: Refs
  readonly correlationId: string
  readonly causationId: string | null
  /** How many events led here; a loop of plugins ends at the limit. */
  readonly depth: number
  /** The member of staff whose act started the story, for "not the proposer" rules. */
  readonly behindStaff: string | null
  /** Times the handler may fail before the job is given up. A lost process is not the handler's failure and does not count. */
  readonly attempts: number
}

/** One fetched attempt of a job. `attempt` fences: a later attempt makes this one unable to settle. */
export interface FetchedJob {
  readonly queue: string
  readonly id: string
  readonly retryCount: number
  /** How often its handler failed before. */
  readonly failures: number
  readonly data: JobData
}

export interface NewJob {
  readonly data: JobData
  readonly afterSeconds?: number | undefined
  /** Two jobs of one plugin and organization with one key are one job. */
  readonly key?: string | undefined
  /** Longest that one attempt may take; past it another worker may take the job. */
  readonly leaseSeconds?: number | undefined
}

export function queueOf(plugin: string): string {
  return `plugin.${plugin}`
}

/**
 * Job payloads are read by operators and kept in clear: only ids, numbers, flags and short codes may pass.
 *
 * @throws Refusal `invalid-input` naming the field
 */
export function assertPlainInput(input: JobInput): void {
  const fields = Object.entries(input)
  if (fields.length > 20) throw new Refusal('too-large', 'A job may carry at most 20 fields. Keep the data in a table and pass its id.')
  for (const [name, value] of fields) {
    if (!/^[a-zA-Z][a-zA-Z0-9]{0,39}$/.test(name)) throw new Refusal('invalid-input', 'A job field is named by one short word.')
    // A plugin in this process can pass anything, whatever the types say.
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value))
      throw new Refusal('invalid-input', `Job field "${name}" must be an id, a number or a flag.`)
    if (typeof value === 'string' && !/^[\w.:/+-]{1,100}$/.test(value)) {
      throw new Refusal('invalid-input', `Job field "${name}" must be an id, a date or a short code; keep text in a table and pass its id.`)
    }
  }
}
