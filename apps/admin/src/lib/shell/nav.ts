import CalendarDays from '@lucide/svelte/icons/calendar-days'
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check'
import Puzzle from '@lucide/svelte/icons/puzzle'
import ScrollText from '@lucide/svelte/icons/scroll-text'
import Sun from '@lucide/svelte/icons/sun'
import Users from '@lucide/svelte/icons/users'
import Workflow from '@lucide/svelte/icons/workflow'

import type { Right } from '@gonio/sdk'

/** The console's pages, in the order of a clinic's day. */
export interface NavItem {
  readonly href: string
  readonly label: string
  readonly keys: string
  readonly icon: typeof Sun
  readonly right: Right
  readonly group: 'day' | 'system'
}

export const NAV: readonly NavItem[] = [
  { href: '/', label: 'Today', keys: 'g t', icon: Sun, right: 'visit:read', group: 'day' },
  { href: '/approvals', label: 'Approvals', keys: 'g a', icon: ClipboardCheck, right: 'proposal:read', group: 'day' },
  { href: '/schedule', label: 'Schedule', keys: 'g s', icon: CalendarDays, right: 'visit:read', group: 'day' },
  { href: '/patients', label: 'Patients', keys: 'g p', icon: Users, right: 'patient:read', group: 'day' },
  { href: '/plugins', label: 'Plugins', keys: 'g u', icon: Puzzle, right: 'plugin:read', group: 'system' },
  { href: '/jobs', label: 'Jobs', keys: 'g j', icon: Workflow, right: 'job:read', group: 'system' },
  { href: '/audit', label: 'Audit', keys: 'g l', icon: ScrollText, right: 'audit:read', group: 'system' },
]

export function isHere(href: string, path: string): boolean {
  if (href === '/') return path === '/' || path.startsWith('/visits/')
  if (href === '/patients') return ['/patients', '/episodes', '/documents'].some((start) => path === start || path.startsWith(`${start}/`))
  return path === href || path.startsWith(`${href}/`)
}
