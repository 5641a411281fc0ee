/**
 * The plugin test kit: runs a plugin offline, with every argument forced through the wire format.
 * It never opens a database or a network.
 * Plugin tests call it.
 */
export { openTestHost, TEST_CLINIC } from './test-host.ts'
export type { RunResult, TestChart, TestHost } from './test-host.ts'
