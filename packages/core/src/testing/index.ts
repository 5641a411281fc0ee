/**
 * testing: a scratch database for the tests of the kernel and of whole stories.
 * It never runs in production and mocks nothing.
 * Tests and benchmarks call it.
 */
export { addOrganization, openTestDatabase } from './test-database.ts'
export type { TestDatabase } from './test-database.ts'
