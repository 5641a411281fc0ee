import type {
  Coverage,
  DocumentKind,
  Episode,
  EpisodeState,
  Goal,
  Patient,
  PlanOfCare,
  Side,
  Statement,
  Visit,
  VisitKind,
  VisitState,
} from '@gonio/sdk'
import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/** What every chart table has. */
interface Row {
  id: string
  organizationId: string
  version: Generated<number>
}
/** A jsonb column: read as a value, written as JSON text. */
type Json<T> = ColumnType<T, string, string>

export interface PatientTable extends Row {
  givenName: string
  familyName: string
  birthDate: string
  sex: Patient['sex']
  phone: string | null
  email: string | null
  language: Patient['language']
  mrn: string
  givenKey: string
  familyKey: string
  phoneKey: string
  createdAt: string
}
export interface CoverageTable extends Row {
  patientId: string
  payerId: string
  payerName: string
  memberId: string
  groupNumber: string | null
  rank: number
  status: Coverage['status']
  benefits: ColumnType<Coverage['benefits'], string | null, string | null>
  verifiedAt: string | null
}
export interface EpisodeTable extends Row {
  patientId: string
  state: EpisodeState
  bodyRegion: Episode['bodyRegion']
  side: Side
  diagnoses: Json<readonly string[]>
  onsetDate: string | null
  referredBy: string | null
  referralDate: string | null
  coverageId: string | null
  plan: ColumnType<PlanOfCare | null, string | null, string | null>
  authorizationNumber: string | null
  authorizedVisits: number | null
  authorizedTo: string | null
  dischargedAt: string | null
  openedAt: string
}
export interface VisitTable extends Row {
  patientId: string
  episodeId: string
  kind: VisitKind
  state: VisitState
  locationId: string
  roomId: string
  clinicianId: string
  startsAt: string
  endsAt: string
  services: JSONColumnType<Visit['services'] & object, string | undefined, string>
  performed: JSONColumnType<Visit['performed'] & object, string | undefined, string>
  remarks: JSONColumnType<Visit['remarks'] & object, string | undefined, string>
  completedAt: string | null
}
export interface MeasurementTable extends Row {
  patientId: string
  episodeId: string
  visitId: string | null
  code: string
  value: number
  unit: string
  side: Side
  takenAt: string
  source: string
  detail: ColumnType<Readonly<Record<string, unknown>> | null, string | null, string | null>
}
export interface GoalTable extends Row {
  patientId: string
  episodeId: string
  label: string
  term: Goal['term']
  text: string
  measurementCode: string
  baseline: number | null
  target: number
  direction: Goal['direction']
  targetDate: string
  state: Goal['state']
}
export interface DocumentTable extends Row {
  patientId: string
  episodeId: string
  visitId: string | null
  kind: DocumentKind
  title: string
  state: 'signed' | 'amended'
  revision: number
}
export interface DocumentRevisionTable {
  id: string
  organizationId: string
  documentId: string
  revision: number
  statements: Json<readonly Statement[]>
  text: string
  sha256: Buffer
  signedBy: string
  signedAt: string
  reason: string | null
}
export interface ChartTables {
  'chart.patient': PatientTable
  'chart.coverage': CoverageTable
  'chart.episode': EpisodeTable
  'chart.visit': VisitTable
  'chart.measurement': MeasurementTable
  'chart.goal': GoalTable
  'chart.document': DocumentTable
  'chart.documentRevision': DocumentRevisionTable
}

declare module '../db/database.ts' {
  interface Database extends ChartTables {}
}
