import type { Tx } from '../db/index.ts'
import type { ChangeContext, Changed, ChartChange } from './change.ts'
import { addCoverage, updateCoverage } from './coverage.ts'
import { amendDocument, signDocument } from './document.ts'
import { dischargeEpisode, openEpisode, setPlan } from './episode.ts'
import { setGoal, settleGoal } from './goal.ts'
import { recordMeasurement } from './measurement.ts'
import { registerPatient } from './patient.ts'
import { bookVisit, moveVisit, stepVisit } from './visit.ts'

/** The one way into the chart: each change writes its rows and says what happened. */
export async function applyChange(tx: Tx, context: ChangeContext, change: ChartChange): Promise<Changed> {
  switch (change.kind) {
    case 'patient.register':
      return registerPatient(tx, context, change.patient)
    case 'coverage.add':
      return addCoverage(tx, context, change.coverage)
    case 'coverage.update':
      return updateCoverage(tx, context, change)
    case 'episode.open':
      return openEpisode(tx, context, change.episode)
    case 'episode.plan':
      return setPlan(tx, change)
    case 'episode.discharge':
      return dischargeEpisode(tx, context, change)
    case 'goal.set':
      return setGoal(tx, context, change.goal)
    case 'goal.settle':
      return settleGoal(tx, change)
    case 'visit.book':
      return bookVisit(tx, context, change.visit)
    case 'visit.move':
      return moveVisit(tx, change)
    case 'visit.arrive':
    case 'visit.start':
    case 'visit.complete':
    case 'visit.cancel':
    case 'visit.capture':
      return stepVisit(tx, context, change)
    case 'measurement.record':
      return recordMeasurement(tx, context, change.measurement)
    case 'document.sign':
      return signDocument(tx, context, change.document)
    case 'document.amend':
      return amendDocument(tx, context, change)
    case 'referral.receive': {
      const refs = { patientId: change.patientId, episodeId: change.episodeId }
      return { refs, events: [{ type: 'referral.received', refs }] }
    }
  }
}
