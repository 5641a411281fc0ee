import { Refusal } from '@gonio/sdk'
import pg from 'pg'

/**
 * What PostgreSQL refused because of the data it was given, as a refusal without any of that data: the server's own message and detail
 * quote values. Null for everything else, which is a defect or an outage.
 */
export function refusalOfDatabase(error: unknown): Refusal | null {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return null
  const detail = { sqlState: error.code }
  // Row-level security does not hold for foreign keys, but they carry the organization: another clinic's id and no id are one answer.
  if (error.code === '23503')
    return new Refusal('not-found', 'Something this refers to is not in this clinic. Reload and choose again.', detail)
  if (error.code === '23505') return new Refusal('already-exists', 'This exists already. Reload to see it.', detail)
  // Class 22: text with a NUL character, a date or number out of range, an id that is none. 23514: a check of the table.
  if (error.code.startsWith('22') || error.code === '23514')
    return new Refusal(
      'invalid-input',
      'A value is out of range or holds characters that cannot be stored. Correct it and try again.',
      detail,
    )
  return null
}
