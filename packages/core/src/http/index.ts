/**
 * http: the one port. Session cookie, tRPC, health, and the console's pages beside them.
 * It never contains a rule.
 * The command line opens it.
 */
export { openHttp } from './server.ts'
export type { ConsoleHandler, ConsoleRequest, HttpServer } from './server.ts'
