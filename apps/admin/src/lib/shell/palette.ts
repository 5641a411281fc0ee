import { api } from '#lib/api.ts'

import { NAV } from './nav.ts'
import type { Right } from '@gonio/sdk'

export interface Command {
  readonly id: string
  readonly label: string
  readonly note: string
  readonly keys?: string
  readonly href?: string
  readonly run?: () => void
}

/** Pages and the page's own actions that fit the typed words. */
export function matchCommands(query: string, commands: readonly Command[]): Command[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return commands.filter((command) => words.every((word) => command.label.toLowerCase().includes(word))).slice(0, 12)
}

export function pageCommands(may: (right: Right) => boolean): Command[] {
  const pages: Command[] = NAV.filter((item) => may(item.right)).map((item) => ({
    id: item.href,
    label: item.label,
    note: 'Go to',
    keys: item.keys,
    href: item.href,
  }))
  if (may('patient:write')) pages.push({ id: 'register', label: 'Register a patient', note: 'Do', href: '/patients?register=1' })
  if (may('visit:write')) pages.push({ id: 'book', label: 'Book a visit', note: 'Do', href: '/schedule?book=1' })
  if (may('audit:verify')) pages.push({ id: 'verify', label: 'Verify the audit log', note: 'Do', href: '/audit' })
  return pages
}

export async function findPatients(query: string, signal: AbortSignal): Promise<Command[]> {
  if (query.trim().length < 2) return []
  const found = await api.patients.search.query({ query }, { signal })
  return found.items
    .slice(0, 8)
    .map((hit) => ({ id: hit.id, label: hit.name, note: `born ${hit.birthDate} · ${hit.mrn}`, href: `/patients/${hit.id}` }))
}
