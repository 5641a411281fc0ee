import type { ApiCaller } from '#lib/api-types.ts'

/** Puts names in place of `staff:<id>` and `plugin:<id>`. */
export async function nameActors<T extends { readonly by: string }>(api: ApiCaller, entries: readonly T[]): Promise<T[]> {
  if (!entries.some((entry) => entry.by.includes(':'))) return [...entries]
  const names = new Map((await api.staff.list()).items.map((member) => [`staff:${member.id}`, member.name]))
  return entries.map((entry) => ({ ...entry, by: names.get(entry.by) ?? nameOther(entry.by) }))
}

function nameOther(by: string): string {
  const [kind, id] = by.split(':')
  return kind === 'plugin' && id !== undefined ? id : kind === 'staff' ? 'a former colleague' : (kind ?? by)
}
