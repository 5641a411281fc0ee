import { Defect, EVENT_TYPES, Refusal } from '@gonio/sdk'
import type { ChartEffectKind, Effect, PluginPermission } from '@gonio/sdk'

import type { AnyAction } from '../approvals/index.ts'

/** Which permission an action's noun asks for. An action with the plugin's own prefix asks for none. */
const PROPOSE: Readonly<Record<string, PluginPermission>> = {
  patient: 'patient:propose',
  flag: 'patient:propose',
  coverage: 'coverage:propose',
  authorization: 'coverage:propose',
  visit: 'visit:propose',
  schedule: 'visit:propose',
  plan: 'episode:propose',
  episode: 'episode:propose',
  exercise: 'episode:propose',
  document: 'document:propose',
  goal: 'goal:propose',
  charge: 'charge:propose',
  claim: 'charge:propose',
  message: 'message:propose',
  letter: 'message:propose',
  emr: 'delivery:propose',
}

/** Effects on the chart and the permission each asks for. */
const CHANGES: Readonly<Record<string, PluginPermission>> = {
  'patient.register': 'patient:propose',
  'coverage.add': 'coverage:propose',
  'coverage.update': 'coverage:propose',
  'episode.open': 'episode:propose',
  'episode.plan': 'episode:propose',
  'episode.discharge': 'episode:propose',
  'goal.set': 'goal:propose',
  'goal.settle': 'goal:propose',
  'visit.book': 'visit:propose',
  'visit.move': 'visit:propose',
  'visit.cancel': 'visit:propose',
  'document.sign': 'document:propose',
  'document.amend': 'document:propose',
} satisfies Record<ChartEffectKind, PluginPermission>

/** Clinical record: whoever approves it is a clinician with a license, whatever the plugin would like. */
const CLINICAL: ReadonlySet<string> = new Set<ChartEffectKind>([
  'episode.plan',
  'episode.discharge',
  'goal.set',
  'goal.settle',
  'document.sign',
  'document.amend',
])

/** @throws Defect at start when an action that writes the clinical record could be approved by someone who may not */
export function assertClinicianDecides(action: AnyAction): void {
  if (!action.effects.some((effect) => CLINICAL.has(effect))) return
  const { roles, licenses = [] } = action.decide
  if (licenses.length === 0 || roles.some((role) => role !== 'therapist' && role !== 'assistant'))
    throw new Defect(`The action ${action.name} writes the clinical record: it is decided by therapists or assistants with a license.`)
}

/** Reads of the chart and the permission each asks for. */
export const READ_PERMISSION: Readonly<Record<string, PluginPermission>> = {
  'chart.patient': 'patient:read',
  'chart.coverage': 'coverage:read',
  'chart.coverages': 'coverage:read',
  'chart.episode': 'episode:read',
  'chart.episodes': 'episode:read',
  'chart.visit': 'visit:read',
  'chart.visits': 'visit:read',
  'chart.measurements': 'measurement:read',
  'chart.goals': 'goal:read',
  'chart.documents': 'document:read',
  'chart.clinic': 'clinic:read',
  'own.select': 'own-data:write',
}

/** Events that only the kernel emits, because they state what it committed. */
const KERNEL_EVENTS =
  /^(patient|coverage\.(added|changed|verified)|episode|plan\.approved|goal|visit|evaluation|measurement|document\.(signed|amended)|proposal|delivery|plugin|job|referral)(\.|$)/

/**
 * Checks every effect of a run against what the clinic granted. The second fence is PostgreSQL: a plugin's role can touch nothing else.
 *
 * @param action the approved action whose `apply` ran, or null for any other handler
 * @throws Refusal `not-allowed` naming the effect and the missing permission
 */
export function assertGranted(plugin: string, granted: ReadonlySet<string>, effects: readonly Effect[], action: AnyAction | null): void {
  for (const effect of effects) {
    for (const needed of permissionsFor(plugin, effect, action)) {
      if (needed === null || granted.has(needed)) continue
      throw new Refusal('not-allowed', `Plugin ${plugin} wanted ${effect.kind} but was not granted ${needed}.`, {
        plugin,
        permission: needed,
      })
    }
  }
}

function permissionsFor(plugin: string, effect: Effect, action: AnyAction | null): readonly (PluginPermission | null)[] {
  const needed = permissionFor(plugin, effect, action)
  // What an action changes counts, whatever its name: one with the plugin's own prefix opens no other chart than its permissions do.
  return effect.kind in CHANGES ? [needed, CHANGES[effect.kind] ?? null] : [needed]
}

function permissionFor(plugin: string, effect: Effect, action: AnyAction | null): PluginPermission | null {
  switch (effect.kind) {
    case 'own.write':
      return 'own-data:write'
    case 'job.enqueue':
    case 'proposal.withdraw':
      return null
    case 'proposal.create':
      return proposePermission(plugin, effect.proposal.action)
    case 'event.emit': {
      const known = (EVENT_TYPES as readonly string[]).includes(effect.type) && !KERNEL_EVENTS.test(effect.type)
      if (!known && !effect.type.startsWith(`${plugin}.`)) {
        throw new Refusal(
          'not-allowed',
          `Plugin ${plugin} may not emit ${effect.type.slice(0, 60)}: use its own prefix, or a vocabulary event that the kernel does not emit.`,
        )
      }
      return 'event:emit'
    }
    case 'measurement.record':
      return 'measurement:write'
    case 'link.create':
    case 'link.close':
      return 'link:create'
    case 'delivery.send':
      if (action === null) throw new Refusal('not-allowed', `Plugin ${plugin} may send only through an approved action.`)
      return 'delivery:propose'
    default:
      // The chart group of effects: an approval stands behind it, and the action declared it.
      if (action === null)
        throw new Refusal('not-allowed', `Plugin ${plugin} may change the chart only through an approved action; it wanted ${effect.kind}.`)
      if (!action.effects.includes(effect.kind))
        throw new Refusal('not-allowed', `The action ${action.name} did not declare ${effect.kind}.`)
      return proposePermission(plugin, action.name)
  }
}

function proposePermission(plugin: string, action: string): PluginPermission | null {
  if (action.startsWith(`${plugin}.`)) return null
  const needed = PROPOSE[action.split('.')[0] ?? '']
  if (needed === undefined)
    throw new Refusal(
      'not-allowed',
      `Nobody knows what ${action.slice(0, 60)} would change; actions start with a noun of the vocabulary or the plugin's id.`,
    )
  return needed
}
