import { Refusal } from '@gonio/sdk'

import { readOnly } from '../db/index.ts'
import type { Db } from '../db/index.ts'
import type { Viewer } from './rights.ts'
import { normalizeEmail } from './sign-in.ts'
import { readStaff } from './staff.ts'

/**
 * A member of staff without a sign-in: for whoever already holds the database, such as the command line and the seed of a demo. What they do is
 * audited under that person's name.
 *
 * @throws Refusal `not-found`
 */
export async function staffViewer(db: Db, organizationId: string, email: string): Promise<Viewer> {
  const member = (await readOnly(db, organizationId, readStaff)).find(
    (candidate) => candidate.active && candidate.email === normalizeEmail(email),
  )
  if (member === undefined) throw new Refusal('not-found', 'No active member of staff has this e-mail address.')
  const { id: staffId, name, email: address, roles, licenses } = member
  return { kind: 'staff', organizationId, staffId, name, email: address, roles, licenses, sessionId: 'command-line' }
}
