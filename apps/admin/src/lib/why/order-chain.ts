import type { WhyLink } from '#lib/api-types.ts'

/** What led to one thing: its causes from the first one down to itself; empty when the story does not hold it. */
export function traceCauses(links: readonly WhyLink[], about: string): WhyLink[] {
  const byId = new Map(links.map((link) => [link.id, link]))
  const path: WhyLink[] = []
  for (
    let at = byId.get(about);
    at !== undefined && !path.includes(at);
    at = at.causationId === null ? undefined : byId.get(at.causationId)
  )
    path.unshift(at)
  return path
}

/** Puts a story in reading order: each thing under what caused it, causes first. A cause outside the story starts a branch of its own. */
export function orderChain(links: readonly WhyLink[]): { link: WhyLink; depth: number }[] {
  const known = new Set(links.map((link) => link.id))
  const byTime = [...links].sort((a, b) => a.at.localeCompare(b.at))
  const children = Map.groupBy(byTime, (link) =>
    link.causationId !== null && link.causationId !== link.id && known.has(link.causationId) ? link.causationId : '',
  )
  const rows: { link: WhyLink; depth: number }[] = []
  const seen = new Set<string>()
  const visit = (link: WhyLink, depth: number): void => {
    if (seen.has(link.id)) return
    seen.add(link.id)
    rows.push({ link, depth: Math.min(depth, 6) })
    for (const child of children.get(link.id) ?? []) visit(child, depth + 1)
  }
  for (const root of children.get('') ?? []) visit(root, 0)
  // What is left hangs in a loop of causes: shown, not hidden.
  for (const link of byTime) visit(link, 0)
  return rows
}
