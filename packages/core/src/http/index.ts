/**
 * http: the one port. Session cookie, tRPC, health, and the console's pages beside them.
 * It never contains a rule.
 * The command line opens it.
 */
export { loadConsole } from './console.ts'
export { assertPortFree, openHttp } from './server.ts'
export type { ConsoleHandler, ConsoleRequest, HttpServer } from './server.ts'
