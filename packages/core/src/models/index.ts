/**
 * models: the one door to language models: which one an organization uses, structured calls, memo, and a record of every use.
 * It never logs, stores or throws a prompt or an answer, and sends chart data to no host that nobody allowed.
 * Runs of plugins call it through the kernel; each has a deterministic way to go on without it.
 */
export { openModels } from './models.ts'
export type { ModelRequest, Models, ModelsDeps } from './models.ts'
export { modelSettings } from './settings.ts'
export type { ModelSettings } from './settings.ts'
