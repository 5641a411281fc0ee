/**
 * jobs: queues of plugin work on pg-boss, and the signals that wake workers.
 * It never holds a transaction open while a handler thinks, and never knows what a job does.
 * The unit of work enqueues and settles; the plugin workers fetch.
 */
export { assertPlainInput, queueOf } from './job.ts'
export type { FetchedJob, JobData, NewJob } from './job.ts'
export { openJobs, WAKE_CHANNEL } from './queue.ts'
export type { Jobs } from './queue.ts'
export { openSignals } from './signals.ts'
export type { Signals } from './signals.ts'
