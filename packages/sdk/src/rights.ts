/** Who may act. `patient` acts by a one-time link; `plugin` and `system` never decide a proposal. */
export const STAFF_ROLES = ['front-desk', 'therapist', 'assistant', 'biller', 'manager', 'admin'] as const
export type StaffRole = (typeof STAFF_ROLES)[number]
export type ActorKind = 'staff' | 'patient' | 'plugin' | 'system'

/** Kinds of license a clinical act may ask for. */
export const LICENSE_KINDS = ['PT', 'PTA'] as const
export type LicenseKind = (typeof LICENSE_KINDS)[number]

/** Rights of staff, by role. One row a right; an empty cell is a refusal. */
export const ROLE_RIGHTS = {
  'patient:read': ['front-desk', 'therapist', 'assistant', 'biller', 'manager', 'admin'],
  'patient:write': ['front-desk', 'therapist', 'manager'],
  'coverage:read': ['front-desk', 'therapist', 'biller', 'manager'],
  'coverage:write': ['front-desk', 'biller', 'manager'],
  'episode:read': ['front-desk', 'therapist', 'assistant', 'biller', 'manager'],
  'episode:write': ['therapist'],
  'visit:read': ['front-desk', 'therapist', 'assistant', 'biller', 'manager'],
  'visit:write': ['front-desk', 'therapist', 'assistant', 'manager'],
  'measurement:read': ['therapist', 'assistant'],
  'measurement:write': ['therapist', 'assistant'],
  'document:read': ['therapist', 'assistant', 'biller'],
  'document:sign': ['therapist', 'assistant'],
  'goal:read': ['therapist', 'assistant'],
  'goal:write': ['therapist'],
  'charge:read': ['therapist', 'biller', 'manager'],
  'charge:submit': ['biller'],
  'proposal:read': ['front-desk', 'therapist', 'assistant', 'biller', 'manager'],
  'proposal:decide': ['front-desk', 'therapist', 'assistant', 'biller', 'manager'],
  'link:create': ['front-desk', 'therapist', 'manager'],
  'job:read': ['manager', 'admin'],
  'job:operate': ['manager', 'admin'],
  'plugin:read': ['manager', 'admin'],
  'plugin:manage': ['admin'],
  'settings:write': ['manager', 'admin'],
  'staff:manage': ['admin'],
  'audit:read': ['manager', 'admin'],
  'audit:verify': ['manager', 'admin'],
  'export:all': ['manager', 'admin'],
  'insight:read': ['manager', 'admin'],
} as const satisfies Record<string, readonly StaffRole[]>

export type Right = keyof typeof ROLE_RIGHTS

/** What a plugin may ask for, each with the sentence that the consent sheet shows. There is no permission to sign, submit or send. */
export const PLUGIN_PERMISSIONS = {
  'patient:read': 'Read names, birth dates and contact points of patients',
  'patient:propose': 'Propose new patients and changes, for a person to approve',
  'coverage:read': 'Read insurance coverages',
  'coverage:propose': 'Propose changes to a coverage, for a person to approve',
  'episode:read': 'Read episodes of care: region, diagnoses, plan',
  'episode:propose': 'Propose episodes, plans and discharges, for a therapist to approve',
  'visit:read': 'Read visits and what was done in them',
  'visit:propose': 'Propose booking, moving or canceling visits, for a person to approve',
  'measurement:read': 'Read measurements and outcome scores',
  'measurement:write': 'Record measurements under the name of the plugin',
  'document:read': 'Read signed clinical documents',
  'document:propose': 'Draft clinical documents, for a clinician to sign',
  'goal:read': 'Read treatment goals',
  'goal:propose': 'Propose goals, for a therapist to approve',
  'charge:read': 'Read charges',
  'charge:propose': 'Propose charges, for a biller to approve',
  'clinic:read': 'Read locations, rooms, hours and staff with their licenses',
  'own-data:write': 'Keep data in tables of its own',
  'event:emit': 'Announce events of its own',
  'link:create': 'Create one-time links for patients',
  'message:propose': 'Propose messages to patients, for a person to approve',
  'delivery:propose': 'Propose sending data to outside systems',
  'models:draft': 'Use the configured language model to draft text',
  'models:extract': 'Use the configured language model to read text',
  'net:egress': 'Call the listed internet hosts through the kernel',
  'ui:contribute': 'Show panels and pages in the console',
} as const

export type PluginPermission = keyof typeof PLUGIN_PERMISSIONS
