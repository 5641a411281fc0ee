/**
 * @gonio/core: the kernel. Chart, jobs, audit, approvals, plugins, API.
 * It never names a plugin; a clinic's configuration brings them.
 * The command line, tests and a clinic's own start script open it.
 */
export { shiftableClock, systemClock, uuidv7 } from './clock.ts'
export type { Clock, ShiftableClock } from './clock.ts'
export { readConfig } from './config.ts'
export type { Config } from './config.ts'
export { openEmbeddedServer } from './db/index.ts'
export type { EmbeddedServer } from './db/index.ts'
export { loadConsole, openHttp } from './http/index.ts'
export type { ConsoleHandler, ConsoleRequest, HttpServer } from './http/index.ts'
export { createOrganization, createStaff, signIn, staffViewer, viewerOf } from './identity/index.ts'
export type { NewStaff, Viewer } from './identity/index.ts'
export { openKernel } from './kernel.ts'
export type { Kernel, KernelOptions } from './kernel.ts'
export type { ClinicConfig, Seeding } from './clinic-config.ts'
export { isolatedHost } from './plugins/index.ts'
export type { Host, IsolatedHost, IsolatedHostOptions } from './plugins/index.ts'
export { EPISODE_MOVES, VISIT_MOVES } from './chart/index.ts'
