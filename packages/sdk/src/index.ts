/**
 * @gonio/sdk: the words that plugins, the kernel and the console share.
 * It never opens a database, a socket or a file, and imports nothing of ours.
 * Plugins call it; the kernel makes its words true.
 */
export { BODY_REGIONS, EPISODE_STATES, VISIT_KINDS, VISIT_STATES } from './chart.ts'
export type {
  BodyRegion,
  ChartDocument,
  ChartRow,
  Clinic,
  Coverage,
  DocumentKind,
  Episode,
  EpisodeState,
  Evidence,
  Goal,
  Measurement,
  Patient,
  PerformedExercise,
  PlanOfCare,
  ServiceMinutes,
  Side,
  StaffMember,
  Statement,
  Visit,
  VisitKind,
  VisitState,
} from './chart.ts'
export type {
  ChartEffect,
  ChartEffectKind,
  Effect,
  EffectKind,
  JobInput,
  NewCoverage,
  NewDocument,
  NewEpisode,
  NewGoal,
  NewMeasurement,
  NewPatient,
  NewVisit,
  ProposalDraft,
} from './effects.ts'
export { Defect, isRefusal, Refusal, REFUSAL_CODES } from './errors.ts'
export type { RefusalCode } from './errors.ts'
export { EVENT_TYPES } from './events.ts'
export type { GonioEvent, KernelEventType, Refs } from './events.ts'
export { definePlugin } from './plugin.ts'
export type {
  ActionDefinition,
  Compilable,
  Handler,
  JobDefinition,
  Migration,
  Plugin,
  PluginBuilder,
  PluginDefinition,
  ProcedureDefinition,
  ViewDefinition,
} from './plugin.ts'
export { LICENSE_KINDS, PLUGIN_PERMISSIONS, ROLE_RIGHTS, STAFF_ROLES } from './rights.ts'
export type { ActorKind, LicenseKind, PluginPermission, Right, StaffRole } from './rights.ts'
export { MAX_EFFECTS_PER_RUN, startRun } from './run.ts'
export type { ApplyRun, Call, ChartReader, Run, RunActor, RunSeed, StartedRun } from './run.ts'
export { parseWith, toJson } from './schema.ts'
export type { Infer, JsonSchema, Schema } from './schema.ts'
export { SLOTS, View } from './view.ts'
export type { Slot, ViewLeaf } from './view.ts'
export { crossBorder, decode, encode } from './wire.ts'
