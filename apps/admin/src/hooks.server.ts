import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'

const THEMES = ['light', 'dark']

/** Sets what must be right in the first byte: theme and language; and keeps chart pages out of every cache. */
export const handle: Handle = async ({ event, resolve }) => {
  if (import.meta.env.DEV && event.platform === undefined) {
    const { remoteCaller } = await import('#lib/server/dev-api.ts')
    event.locals.devApi = remoteCaller(event.request.headers.get('cookie') ?? '')
  }
  const theme = event.cookies.get('theme') ?? 'system'
  const response = await resolve(event, {
    transformPageChunk: ({ html }) =>
      html.replace('%gonio.theme%', THEMES.includes(theme) ? theme : 'system').replace('%gonio.lang%', event.locals.language ?? 'en'),
  })
  // The back button after signing out must not bring back a chart.
  response.headers.set('cache-control', 'no-store')
  response.headers.set('referrer-policy', 'no-referrer')
  response.headers.set('x-content-type-options', 'nosniff')
  return response
}

/** A page shows the sentence of a refusal; of a defect only that it happened. */
export const handleError: HandleServerError = (caught) => {
  if (caught.kind !== 'unknown') return
  const { error, event } = caught
  const stack =
    error instanceof Error
      ? error.stack
          ?.split('\n')
          .slice(1, 6)
          .map((line) => line.trim())
      : undefined
  console.error(
    JSON.stringify({
      level: 'error',
      message: 'page failed',
      route: event.route.id,
      name: error instanceof Error ? error.name : typeof error,
      stack,
    }),
  )
  return { message: 'This page could not be loaded. Try again; if it stays, tell whoever runs Gonio in your clinic.' }
}
