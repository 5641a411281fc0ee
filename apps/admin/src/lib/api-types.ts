import type { TRPCBuiltRouter, TRPCDecorateCreateRouterOptions, TRPCDefaultErrorShape, TRPCMutationProcedure, TRPCQueryProcedure, TRPCSubscriptionProcedure } from '@trpc/server'
import type {
  ChartDocument, Coverage, Episode, Evidence, Goal, JsonSchema, Measurement, Patient, PerformedExercise, Refs, Right, ServiceMinutes, Side, Slot,
  StaffRole, Statement, View, Visit, VisitKind,
} from '@gonio/sdk'

/** The API as the console sees it; the shapes of the kernel's tRPC router. */
export interface Session {
  staff: { id: string; name: string; email: string; roles: readonly StaffRole[]; licenses: readonly { kind: string; state: string; number: string; expires: string }[] }
  organization: { id: string; name: string; timeZone: string }
  rights: readonly Right[]
  demo: boolean
}
export interface VisitCard { visit: Visit; patientName: string; clinicianName: string; roomName: string; locationName: string }
export interface ViewRef { plugin: string; viewId: string; title: string; slot: Slot }
export interface TodayData { date: string; visits: VisitCard[]; pendingProposals: number; failedJobs: number; openLinks: number; panels: ViewRef[] }
export interface ProposalItem {
  id: string
  action: string
  actionTitle: string
  title: string
  risk: 'administrative' | 'clinical' | 'outward'
  state: 'pending' | 'approved' | 'rejected' | 'expired' | 'stale' | 'withdrawn'
  proposedBy: string
  createdAt: string
  expiresAt: string
  refs: Refs
  patientName: string | null
  mayDecide: boolean
  whyNot: string | null
  confidence: number | null
}
export type ReasonCode = 'wrong-fact' | 'not-needed' | 'duplicate' | 'wrong-time' | 'style' | 'other'
export interface ChangedFact { noun: string; id: string; field: string; before: unknown; after: unknown }
export interface Decision { verdict: string; by: string; at: string; reasonCode: string | null; reason: string | null; patch: unknown }
export interface ProposalDetail extends ProposalItem {
  payload: unknown
  payloadSchema: JsonSchema
  summary: View
  evidence: Evidence[]
  changed: ChangedFact[]
  seenHash: string
  decision: Decision | null
  correlationId: string
}
export interface PatientHit { id: string; name: string; birthDate: string; mrn: string; phone: string | null; episodeStates: string[] }
export interface Registration {
  givenName: string
  familyName: string
  birthDate: string
  sex: Patient['sex']
  phone: string | null
  email: string | null
  language: 'en' | 'es'
  bodyRegion: Episode['bodyRegion']
  side: Side
  referredBy?: string
  payerName?: string
  payerId?: string
  memberId?: string
}
export interface TimelineEntry { id: string; at: string; type: string; title: string; refs: Refs; by: string; correlationId: string; causationId: string | null }
export interface WeekData {
  from: string
  timeZone: string
  visits: VisitCard[]
  staff: { id: string; name: string; roles: readonly StaffRole[]; hours: readonly { day: number; from: number; to: number }[] }[]
  rooms: { id: string; name: string; kind: string; locationId: string }[]
  locations: { id: string; name: string }[]
}
export interface EpisodePage {
  episode: Episode
  patient: Patient
  coverage: Coverage | null
  goals: Goal[]
  visits: (Visit & { clinicianName: string })[]
  measurements: Measurement[]
  documents: ChartDocument[]
  proposals: ProposalItem[]
  tabs: ViewRef[]
}
export interface VisitPage {
  visit: Visit
  patient: Patient
  episode: Episode
  clinicianName: string
  measurements: Measurement[]
  previous: Visit | null
  document: ChartDocument | null
  proposals: ProposalItem[]
  panels: ViewRef[]
}
export interface Revision { revision: number; statements: readonly Statement[]; text: string; signedBy: string; signedByName: string; signedAt: string; reason: string | null }
export interface LinkItem { id: string; plugin: string; title: string; state: 'open' | 'used' | 'expired' | 'closed'; createdAt: string; expiresAt: string; refs: Refs }
export interface PluginItem {
  id: string
  title: string
  summary: string
  version: string
  state: 'enabled' | 'disabled' | 'failed'
  error: string | null
  permissions: { name: string; reason: string }[]
  settings: Record<string, unknown>
  settingsSchema: JsonSchema
  actions: { name: string; title: string; roles: readonly string[]; licenses: readonly string[] }[]
  procedures: { name: string; summary: string; access: string }[]
  views: ViewRef[]
  events: string[]
  jobs: string[]
}
export type JobState = 'waiting' | 'active' | 'failed' | 'done'
export interface JobItem {
  id: string
  plugin: string
  handler: string
  state: JobState
  attempts: number
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  error: string | null
  refs: Refs
  correlationId: string
}
export interface AuditItem { id: string; seq: number | null; occurredAt: string; actor: { kind: string; id: string | null; name: string }; action: string; refs: Refs; correlationId: string; causationId: string | null }
export interface AuditVerdict { ok: boolean; checked: number; size: number; root: string; problem: null | { seq: number; id: string; what: string }; at: string }
export interface WhyLink { kind: 'event' | 'job' | 'proposal' | 'decision' | 'document' | 'delivery'; id: string; at: string; title: string; by: string; causationId: string | null; refs: Refs }
export type Topic = 'proposal' | 'visit' | 'patient' | 'episode' | 'job' | 'document' | 'plugin'
export interface Change { id: string; topic: Topic; refs: Refs }
export interface PatientLink { plugin: string; title: string; start: string; procedures: string[]; language: 'en' | 'es'; clinicName: string }

type Q<I, O> = TRPCQueryProcedure<{ input: I; output: O; meta: unknown }>
type M<I, O> = TRPCMutationProcedure<{ input: I; output: O; meta: unknown }>
type S<I, O> = TRPCSubscriptionProcedure<{ input: I; output: AsyncIterable<O>; meta: unknown }>
type None = Record<string, never>
type Versioned = { id: string; version: number }

type Router = {
  session: { me: Q<None, Session> }
  today: { get: Q<{ date?: string }, TodayData> }
  proposals: {
    list: Q<{ state: 'pending' | 'decided'; cursor?: string }, { items: ProposalItem[]; next: string | null }>
    get: Q<{ id: string }, ProposalDetail>
    decide: M<
      { id: string; verdict: 'approve' | 'reject'; seenHash: string; payload?: unknown; reasonCode?: ReasonCode; reason?: string },
      { id: string; state: string; alreadyDecided: boolean }
    >
    proposeAgain: M<{ id: string }, { queued: true }>
  }
  patients: {
    search: Q<{ query: string; cursor?: string }, { items: PatientHit[]; next: string | null }>
    get: Q<{ id: string }, { patient: Patient; coverages: Coverage[]; episodes: Episode[]; cards: ViewRef[] }>
    register: M<Registration, { patientId: string; episodeId: string }>
    timeline: Q<{ patientId: string }, { entries: TimelineEntry[] }>
  }
  episodes: { get: Q<{ id: string }, EpisodePage> }
  visits: {
    week: Q<{ from: string }, WeekData>
    get: Q<{ id: string }, VisitPage>
    book: M<
      { patientId: string; episodeId: string; kind: VisitKind; locationId: string; roomId: string; clinicianId: string; startsAt: string; endsAt: string },
      { id: string }
    >
    move: M<Versioned & { startsAt: string; endsAt: string; roomId: string; clinicianId: string }, { version: number }>
    cancel: M<Versioned & { reason: string }, { version: number }>
    arrive: M<Versioned, { version: number }>
    start: M<Versioned, { version: number }>
    capture: M<Versioned & { services: readonly ServiceMinutes[]; performed: readonly PerformedExercise[]; remarks: Visit['remarks'] }, { version: number }>
    complete: M<Versioned, { version: number }>
  }
  measurements: { record: M<{ visitId: string; code: string; value: number; unit: string; side: Side; detail?: Record<string, unknown> }, { id: string }> }
  documents: {
    get: Q<{ id: string }, { document: ChartDocument; revisions: Revision[]; patientName: string }>
    amend: M<Versioned & { statements: readonly Statement[]; reason: string }, { version: number; revision: number }>
  }
  links: {
    list: Q<{ patientId?: string }, { items: LinkItem[] }>
    url: Q<{ id: string }, { path: string }>
    open: Q<{ token: string }, PatientLink>
    call: M<{ token: string; procedure: string; input: unknown }, unknown>
  }
  plugins: {
    list: Q<None, { items: PluginItem[] }>
    setEnabled: M<{ id: string; enabled: boolean }, { state: PluginItem['state'] }>
    saveSettings: M<{ id: string; settings: Record<string, unknown> }, { settings: Record<string, unknown> }>
    views: Q<{ slot: Slot }, ViewRef[]>
    view: Q<{ plugin: string; viewId: string; refs: Refs }, { view: View }>
    call: M<{ procedure: string; input: unknown }, { output: unknown }>
  }
  jobs: {
    list: Q<{ state?: JobState }, { counts: Record<JobState, number>; items: JobItem[] }>
    retry: M<{ id: string }, { queued: true }>
  }
  audit: {
    list: Q<{ cursor?: string; patientId?: string; action?: string }, { items: AuditItem[]; next: string | null; sealed: { size: number; root: string; at: string } | null }>
    verify: M<None, AuditVerdict>
  }
  why: { chain: Q<{ correlationId: string }, { links: WhyLink[] }> }
  staff: { list: Q<None, { items: { id: string; name: string; email: string; roles: readonly StaffRole[]; licenses: readonly unknown[]; active: boolean }[] }> }
  live: { changes: S<None, Change> }
}

export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: TRPCDefaultErrorShape; transformer: false },
  TRPCDecorateCreateRouterOptions<Router>
>
export type ApiCaller = ReturnType<AppRouter['createCaller']>
