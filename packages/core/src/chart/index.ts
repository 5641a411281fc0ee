/**
 * chart: patients, coverages, episodes, visits, measurements, goals and documents, as versioned rows.
 * It never holds a rule of one capability, and never commits: callers bring the transaction.
 * The unit of work writes through applyChange(); the API and the run's reader read.
 */
export { applyChange } from './apply.ts'
export type { ChangeContext, Changed, ChartChange } from './change.ts'
export { readClinic } from './clinic.ts'
export { readCoverage, readCoverages, readCoveragesById } from './coverage.ts'
export { readDocument, readDocuments, readRevisions } from './document.ts'
export { EPISODE_MOVES, readEpisode, readEpisodes, readEpisodesById } from './episode.ts'
export { readGoals } from './goal.ts'
export { readMeasurements } from './measurement.ts'
export { nameOf, readPatient, readPatientsById, searchPatients } from './patient.ts'
export type { ChartTables } from './tables.ts'
export { readVisit, readVisits, readVisitsById, VISIT_MOVES } from './visit.ts'
