/** Events of the kernel and the first-party vocabulary, past tense. A plugin's own events carry its id as prefix. */
export const EVENT_TYPES = [
  'referral.received',
  'patient.registered',
  'patient.changed',
  'patient.linked',
  'intake.started',
  'intake.answered',
  'intake.completed',
  'flag.raised',
  'flag.resolved',
  'coverage.added',
  'coverage.changed',
  'coverage.verified',
  'authorization.needed',
  'authorization.requested',
  'authorization.decided',
  'authorization.running-out',
  'episode.opened',
  'episode.changed',
  'evaluation.completed',
  'episode.discharged',
  'plan.drafted',
  'plan.approved',
  'plan.certified',
  'plan.certification-due',
  'visit.booked',
  'visit.confirmed',
  'visit.moved',
  'visit.cancelled',
  'visit.no-show',
  'visit.arrived',
  'visit.started',
  'visit.completed',
  'measurement.recorded',
  'goal.set',
  'goal.met',
  'exercise.reported',
  'document.drafted',
  'document.signed',
  'document.amended',
  'charge.drafted',
  'charge.submitted',
  'claim.paid',
  'claim.denied',
  'message.sent',
  'message.answered',
  'progress.stalled',
  'progress.report-due',
  'discharge.ready',
  'proposal.created',
  'proposal.decided',
  'proposal.applied',
  'proposal.stale',
  'proposal.expired',
  'delivery.sent',
  'delivery.in-doubt',
  'delivery.failed',
  'plugin.installed',
  'plugin.failed',
  'job.failed',
] as const

export type KernelEventType = (typeof EVENT_TYPES)[number]

/** The nouns an event, a job or a proposal may point at; values are UUIDs. Never clinical text. */
export interface Refs {
  readonly patientId?: string
  readonly coverageId?: string
  readonly episodeId?: string
  readonly visitId?: string
  readonly measurementId?: string
  readonly documentId?: string
  readonly goalId?: string
  readonly proposalId?: string
  readonly deliveryId?: string
  readonly linkId?: string
  /** An id in a table of the plugin that emitted the event. */
  readonly ownId?: string
}

/** What happened. `correlationId` is the story it belongs to, `causationId` what directly caused it. */
export interface GonioEvent {
  readonly id: string
  readonly type: string
  readonly occurredAt: string
  readonly correlationId: string
  readonly causationId: string | null
  readonly refs: Refs
}
