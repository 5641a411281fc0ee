import { goto } from '$app/navigation'
import type { ProposalItem } from '#lib/api-types.ts'

/** After a decision the next proposal is open: `items` is the list as it was before. */
export async function openNext(items: readonly ProposalItem[], decided: string | undefined): Promise<void> {
  const at = items.findIndex((item) => item.id === decided)
  const next = items[at + 1] ?? items[at - 1]
  await goto(next === undefined ? '/approvals' : `/approvals/${next.id}`, { replace: true, reset: false, refreshAll: true })
}
