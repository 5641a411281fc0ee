import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

import { getRequestListener } from '@hono/node-server'
import { Refusal } from '@gonio/sdk'

import type { ApiCaller } from '../api/index.ts'
import { createApp, viewerOfRequest } from './app.ts'
import type { Served } from './app.ts'

/** A request as the console's pages see it: with a caller that is already signed in as whoever sent it. */
export interface ConsoleRequest extends IncomingMessage {
  api?: ApiCaller
}
export type ConsoleHandler = (request: ConsoleRequest, response: ServerResponse, next: () => void) => void

export interface HttpOptions {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  readonly trustProxy: boolean
  /** The built console; without it only the API is served. */
  readonly console: ConsoleHandler | null
}
export interface HttpServer {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves console and API on one port.
 *
 * @throws Refusal `unavailable` when the port is taken or may not be used
 */
export async function openHttp(kernel: Served, options: HttpOptions): Promise<HttpServer> {
  const api = getRequestListener(createApp(kernel, options).fetch)
  const server = createServer((request: ConsoleRequest, response) => {
    const path = request.url ?? '/'
    if (options.console === null || path.startsWith('/api/') || path === '/healthz' || path === '/readyz') void api(request, response)
    else void page(kernel, options, options.console, request, response)
  })
  server.headersTimeout = 15_000
  server.requestTimeout = 60_000
  server.maxHeadersCount = 60
  await listen(server, options)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${options.host === '0.0.0.0' || options.host === '127.0.0.1' ? 'localhost' : options.host}:${port}`,
    close: () => close(server),
  }
}

async function page(
  kernel: Served,
  options: HttpOptions,
  handler: ConsoleHandler,
  request: ConsoleRequest,
  response: ServerResponse,
): Promise<void> {
  try {
    const forwarded = options.trustProxy && request.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
    // The handler believes this header; from outside it counts only behind a proxy of ours.
    request.headers['x-forwarded-proto'] = forwarded
    const viewer = await viewerOfRequest(kernel, request.headers.cookie, { https: forwarded === 'https', touch: true })
    request.api = kernel.callerFor(viewer)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'no-referrer')
    handler(request, response, () => {
      response.statusCode = 404
      response.end()
    })
  } catch (error) {
    kernel.api.onDefect({ id: kernel.clock.newId(), path: 'page', error })
    response.statusCode = 503
    response.end('Gonio cannot reach its database at the moment. Try again in a few seconds.')
  }
}

/** Refuses now what would be refused after a long start. */
export async function assertPortFree(options: { host: string; port: number }): Promise<void> {
  const probe = createServer()
  await listen(probe, options)
  await new Promise((resolve) => probe.close(resolve))
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is in use by another program. Stop it, or choose another port with --port or GONIO_PORT.`
          : error.code === 'EACCES'
            ? `This user may not listen on port ${port}. Choose one above 1023 with --port or GONIO_PORT.`
            : `Cannot listen on ${host}:${port} (${error.code ?? 'unknown'}).`
      reject(new Refusal('unavailable', why))
    })
    server.listen(port, host, resolve)
  })
}

/** Live streams never end by themselves, so connections are cut after a moment. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 300).unref()
  })
}
