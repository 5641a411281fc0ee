/** The closed list of expected refusals. The console has a sentence and a way on for each. */
export const REFUSAL_CODES = [
  'invalid-input',
  'not-signed-in',
  'not-allowed',
  'license-required',
  'not-found',
  'already-exists',
  'already-decided',
  'conflict',
  'stale',
  'expired',
  'slot-taken',
  'wrong-state',
  'too-large',
  'too-many',
  'plugin-disabled',
  'plugin-failed',
  'unavailable',
] as const

export type RefusalCode = (typeof REFUSAL_CODES)[number]

/**
 * An expected "no": bad input, missing right, changed facts. The message is one sentence that tells a person what to do;
 * it never holds patient data (names, answers, results), only ids and field names.
 *
 * @example throw new Refusal('slot-taken', 'Another visit is booked at that time. Pick a different slot.')
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly detail: Readonly<Record<string, unknown>>

  constructor(code: RefusalCode, message: string, detail: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.detail = detail
  }
}

/** A bug. It stops this piece of work, is reported by id, and its message is never shown to a patient. */
export class Defect extends Error {
  override readonly name = 'Defect'
}

/** True for a {@link Refusal}, also one that crossed a process border and lost its class. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Refusal || (error instanceof Error && error.name === 'Refusal' && 'code' in error)
}
