import { pathToFileURL } from 'node:url'

import type { ConsoleHandler } from './server.ts'

/**
 * Loads the console as adapter-node built it.
 *
 * @param file path of its `handler.js`
 */
export async function loadConsole(file: string): Promise<ConsoleHandler> {
  // adapter-node reads these once, when it is loaded: scheme and host come from headers that our server sets or checks.
  process.env['PROTOCOL_HEADER'] ??= 'x-forwarded-proto'
  process.env['HOST_HEADER'] ??= 'host'
  const module: unknown = await import(pathToFileURL(file).href)
  const handler: unknown = Reflect.get(Object(module), 'handler')
  if (!isHandler(handler)) throw new TypeError('The built console has no request handler.')
  return handler
}

function isHandler(value: unknown): value is ConsoleHandler {
  return typeof value === 'function'
}
