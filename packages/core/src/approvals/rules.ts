import { Refusal } from '@gonio/sdk'
import type { ActionDefinition, LicenseKind } from '@gonio/sdk'

import { authorize, hasValidLicense } from '../identity/index.ts'
import type { Viewer } from '../identity/index.ts'

export type AnyAction = ActionDefinition<unknown, never, never>

/**
 * Refuses a person who may not decide this proposal, in a sentence that says who may.
 *
 * @throws Refusal `not-allowed` or `license-required`
 */
export function assertMayDecide(
  viewer: Viewer,
  action: AnyAction,
  proposal: { payload: unknown; behindStaff: string | null },
  today: string,
): void {
  authorize(viewer, 'proposal:decide')
  const { decide } = action
  if (!decide.roles.some((role) => viewer.roles.includes(role))) {
    throw new Refusal('not-allowed', `"${action.title}" is decided by ${list(decide.roles)}. Ask one of them.`)
  }
  if (decide.notProposer === true && proposal.behindStaff === viewer.staffId) {
    throw new Refusal('not-allowed', `"${action.title}" must be decided by someone other than the person whose work led to it.`)
  }
  const licenses = licensesFor(action, proposal.payload)
  if (licenses.length > 0 && !hasValidLicense(viewer, licenses, today)) {
    throw new Refusal('license-required', `"${action.title}" needs a valid license: ${list(licenses)}. Yours is missing or expired.`)
  }
}

/** The licenses an action asks for, narrowed by its payload where the action says so. */
function licensesFor(action: AnyAction, payload: unknown): readonly LicenseKind[] {
  for (const rule of action.decide.narrow ?? []) {
    const value: unknown = Reflect.get(Object(payload), rule.field)
    if (typeof value === 'string' && rule.in.includes(value)) return rule.licenses
  }
  return action.decide.licenses ?? []
}

function list(names: readonly string[]): string {
  return names.join(' or ')
}
