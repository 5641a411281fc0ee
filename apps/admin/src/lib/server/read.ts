import { error, isHttpError, isRedirect, redirect } from '@sveltejs/kit'
import type { ServerLoadEvent } from '@sveltejs/kit'

import type { ApiCaller, ViewRef } from '#lib/api-types.ts'
import type { PanelData } from '#lib/view/panel-data.ts'
import type { Refs } from '@gonio/sdk'

const STATUS: Record<string, number> = {
  'not-found': 404,
  'not-allowed': 403,
  'license-required': 403,
  'invalid-input': 400,
  'plugin-disabled': 409,
  unavailable: 503,
}

/** The caller of this request's session. */
export function apiOf(event: Pick<ServerLoadEvent, 'platform' | 'locals'>): ApiCaller | undefined {
  return event.platform?.req.api ?? event.locals.devApi
}

/** Reads for a page through the request's own caller. A refusal becomes the page's error; no session leads to sign-in. */
export async function read<T>(
  event: Pick<ServerLoadEvent, 'platform' | 'locals' | 'url' | 'depends'>,
  topics: readonly string[],
  from: (api: ApiCaller) => Promise<T>,
): Promise<T> {
  for (const topic of topics) event.depends(`live:${topic}`)
  const api = apiOf(event)
  if (api === undefined) error(503, 'The API is not mounted in this process. Start Gonio with its own server, not the page handler alone.')
  try {
    return await from(api)
  } catch (caught) {
    if (isHttpError(caught) || isRedirect(caught)) throw caught
    const refusal = refusalIn(caught)
    if (refusal === null) throw caught
    if (refusal.code === 'not-signed-in') redirect(303, `/sign-in?next=${encodeURIComponent(event.url.pathname + event.url.search)}`)
    error(STATUS[refusal.code] ?? 400, refusal.message, { code: refusal.code })
  }
}

/** What a refused read says, or the fallback when the right is missing: for parts of a page that not every role may see. */
export async function orElse<T>(read: Promise<T>, fallback: T): Promise<T> {
  try {
    return await read
  } catch (caught) {
    if (refusalIn(caught) === null) throw caught
    return fallback
  }
}

/** A panel that is slow is fetched by the browser afterwards: a plugin never holds up a page. */
const PANEL_WAIT_MS = 400

export async function readPanels(api: ApiCaller, panels: readonly ViewRef[], refs: Refs): Promise<PanelData[]> {
  return Promise.all(
    panels.slice(0, 20).map(async (ref) => {
      const late = new Promise<null>((resolve) => setTimeout(resolve, PANEL_WAIT_MS, null))
      try {
        const answer = await Promise.race([api.plugins.view({ plugin: ref.plugin, viewId: ref.viewId, refs }), late])
        return { ref, refs, view: answer?.view ?? null, problem: null }
      } catch (caught) {
        return { ref, refs, view: null, problem: refusalIn(caught)?.message ?? 'This panel could not be shown.' }
      }
    }),
  )
}

function refusalIn(caught: unknown): { code: string; message: string } | null {
  for (let at: unknown = caught, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if (at.name === 'Refusal' && 'code' in at) return { code: String(at.code), message: at.message }
  }
  return null
}
