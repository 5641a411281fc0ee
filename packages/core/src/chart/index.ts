/**
 * chart: patients, coverages, episodes, visits, measurements, goals and documents, as versioned rows.
 * It never holds a rule of one capability, and never commits: callers bring the transaction.
 * The unit of work writes through applyChange(); the API and the run's reader read.
 */
export { applyChange } from './apply.ts'
export type { ChangeContext, Changed, ChartChange } from './change.ts'
export { readClinic } from './clinic.ts'
export { readCoverage, readCoverages } from './coverage.ts'
export { readDocument, readDocuments, readRevisions } from './document.ts'
export { readEpisode, readEpisodes } from './episode.ts'
export { readGoals } from './goal.ts'
export { readMeasurements } from './measurement.ts'
export { nameOf, readPatient, searchPatients } from './patient.ts'
export type { ChartTables } from './tables.ts'
export { readVisit, readVisits } from './visit.ts'
