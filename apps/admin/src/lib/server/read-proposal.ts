import { orElse, readPanels } from '#lib/server/read.ts'
import type { ApiCaller } from '#lib/api-types.ts'

/** A proposal with what plugins add beside it. */
export async function readDetail(api: ApiCaller, id: string) {
  const [proposal, views] = await Promise.all([api.proposals.get({ id }), orElse(api.plugins.views({ slot: 'approval.detail/v1' }), [])])
  return { proposal, panels: await readPanels(api, views, { ...proposal.refs, proposalId: id }) }
}
