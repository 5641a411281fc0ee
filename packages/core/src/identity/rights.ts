import { Defect, Refusal, ROLE_RIGHTS } from '@gonio/sdk'
import type { LicenseKind, Right, StaffRole } from '@gonio/sdk'

export interface ViewerLicense {
  readonly kind: LicenseKind
  /** Two-letter code of the state that issued it. */
  readonly state: string
  readonly number: string
  /** The last day on which it is valid, YYYY-MM-DD. */
  readonly expires: string
}

/** A signed-in member of staff. */
export interface Viewer {
  readonly kind: 'staff'
  readonly organizationId: string
  readonly staffId: string
  readonly name: string
  readonly email: string
  readonly roles: readonly StaffRole[]
  readonly licenses: readonly ViewerLicense[]
  readonly sessionId: string
}

/** The rights of these roles, in the order of the table. */
export function rightsOf(roles: readonly StaffRole[]): Right[] {
  return RIGHTS.filter((right) => has(roles, right))
}

/** @throws Refusal `not-allowed`, naming the right and who has it */
export function authorize(viewer: Pick<Viewer, 'roles'>, right: Right): void {
  if (has(viewer.roles, right)) return
  const holders = new Intl.ListFormat('en', { type: 'disjunction' }).format(ROLE_RIGHTS[right])
  throw new Refusal('not-allowed', `This needs the right ${right}. Ask someone with the role ${holders}.`, {
    right,
    roles: ROLE_RIGHTS[right],
  })
}

/**
 * True when the viewer holds a license of one of these kinds on that day; it is valid through its last day.
 *
 * @param onDate the day of the act in clinic time, YYYY-MM-DD
 */
export function hasValidLicense(viewer: Pick<Viewer, 'licenses'>, kinds: readonly LicenseKind[], onDate: string): boolean {
  // Any other text could compare as an earlier day and let everyone through.
  if (!/^\d{4}-\d{2}-\d{2}$/.test(onDate)) throw new Defect('The day of a license check is no YYYY-MM-DD')
  return viewer.licenses.some((license) => kinds.includes(license.kind) && license.expires >= onDate)
}

function has(roles: readonly StaffRole[], right: Right): boolean {
  const holders: readonly StaffRole[] = ROLE_RIGHTS[right]
  return roles.some((role) => holders.includes(role))
}

const RIGHTS = Object.keys(ROLE_RIGHTS).filter((name): name is Right => name in ROLE_RIGHTS)
