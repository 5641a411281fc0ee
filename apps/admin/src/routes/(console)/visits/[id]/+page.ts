import type { PageLoad } from './$types.ts'

/** A visit is charted or its note is decided, hardly ever both: only the part that this visit needs is loaded. */
export const load: PageLoad = async ({ data }) => ({
  ...data,
  Capture: data.sheet.visit.state === 'in-treatment' ? (await import('./Capture.svelte')).default : null,
  ProposalDetail: data.details.length > 0 ? (await import('#lib/proposal/ProposalDetail.svelte')).default : null,
})
