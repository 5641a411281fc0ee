/**
 * plugins: the registry, the host that runs their code, their reads under their own database role, the queue workers, and decisions.
 * It never lets a plugin write by itself and never lets one plugin's failure reach another.
 * The composition root starts the workers; the API calls procedures and decides proposals.
 */
export { actionFor, decideProposal } from './decide.ts'
export type { Decided, DecideDeps, DecideInput } from './decide.ts'
export { executeHandler, executeProcedure } from './execute.ts'
export type { ExecuteDeps } from './execute.ts'
export { inProcessHost } from './host.ts'
export type { Executed, Execution, Host } from './host.ts'
export { isolatedHost } from './isolated-host.ts'
export type { IsolatedHost, IsolatedHostOptions } from './isolated-host.ts'
export { Reader } from './reader.ts'
export { Registry } from './registry.ts'
export type { Installed } from './registry.ts'
export { syncPluginSchemas } from './schema.ts'
export { workOne, workQueue } from './worker.ts'
export type { WorkerDeps } from './worker.ts'
