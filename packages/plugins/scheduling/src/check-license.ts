import type { VisitKind } from '@gonio/sdk'

import type { ClinicFacts } from './facts.ts'
import { VISIT_LICENSES } from './licenses.data.ts'

type StaffFacts = ClinicFacts['staff'][number]

export type LicenseVerdict =
  | { readonly ok: true; readonly because: string; readonly kind: 'PT' | 'PTA' }
  | { readonly ok: false; readonly because: string }

export function isClinician(member: StaffFacts): boolean {
  return member.roles.includes('therapist') || member.roles.includes('assistant')
}

/** Whether a member of staff may hold a visit of this kind on that day in that state; a license counts on its last day. */
export function checkLicense(member: StaffFacts, kind: VisitKind, state: string, date: string): LicenseVerdict {
  const needed = VISIT_LICENSES[kind].kinds
  const fitting = member.licenses.filter((license) => needed.includes(license.kind) && license.state === state)
  const valid = fitting.find((license) => license.expires >= date)
  if (valid !== undefined) return { ok: true, kind: valid.kind, because: `${valid.kind} license ${state} valid to ${valid.expires}` }
  const latest = fitting
    .map((license) => license.expires)
    .toSorted()
    .at(-1)
  if (latest !== undefined) return { ok: false, because: `${member.name}: license expired ${latest}` }
  return { ok: false, because: `${member.name}: no ${needed.join(' or ')} license for ${state}` }
}
