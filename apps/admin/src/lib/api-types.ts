import type { AppRouter as Router, ApiCaller as Caller } from '@gonio/core/api'
import type { inferRouterInputs } from '@trpc/server'

/** The API as the console sees it: types alone, inferred from the kernel's router. A value imported from the kernel would be a second copy of it. */
export type AppRouter = Router
export type ApiCaller = Caller
type In = inferRouterInputs<Router>
/** What the request's own caller answers; over HTTP the same comes without `readonly`. */
type Out = {
  [Noun in keyof Caller]: {
    [Verb in keyof Caller[Noun]]: Caller[Noun][Verb] extends (...input: never[]) => Promise<infer Output> ? Output : never
  }
}

export type Session = Out['session']['me']
export type TodayData = Out['today']['get']
export type VisitCard = TodayData['visits'][number]
export type ViewRef = TodayData['panels'][number]
export type ProposalItem = Out['proposals']['list']['items'][number]
export type ProposalDetail = Out['proposals']['get']
export type ChangedFact = ProposalDetail['changed'][number]
export type Decision = NonNullable<ProposalDetail['decision']>
export type ReasonCode = NonNullable<In['proposals']['decide']['reasonCode']>
export type PatientHit = Out['patients']['search']['items'][number]
export type Registration = Required<Pick<In['patients']['register'], 'sex' | 'phone' | 'email' | 'language' | 'side'>> &
  In['patients']['register']
export type TimelineEntry = Out['patients']['timeline']['entries'][number]
export type WeekData = Out['visits']['week']
export type EpisodePage = Out['episodes']['get']
export type VisitPage = Out['visits']['get']
export type Revision = Out['documents']['get']['revisions'][number]
export type LinkItem = Out['links']['list']['items'][number]
export type PluginItem = Out['plugins']['list']['items'][number]
export type JobItem = Out['jobs']['list']['items'][number]
export type JobState = JobItem['state']
export type AuditItem = Out['audit']['list']['items'][number]
export type AuditVerdict = Out['audit']['verify']
export type WhyLink = Out['why']['chain']['links'][number]
export type { LiveChange as Change } from '@gonio/core/api'
/** What may be sent where the API takes any JSON. */
export type Json = NonNullable<In['plugins']['invoke']['input']> | null
