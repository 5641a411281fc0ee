/**
 * A payer that does not exist: inquiry in, 271 text out, the same text every time.
 * It never asks anybody and never stands in for a real payer without saying so.
 * The job eligibility.verify calls it while the rail is `simulator`.
 */
export { chooseScenario, SCENARIOS, simulate271 } from './simulate-271.ts'
export type { Inquiry, Scenario } from './simulate-271.ts'
