import type { View } from '@gonio/sdk'

import { nameOf, textOf } from './question.ts'
import type { IntakeRun } from './session.ts'
import { toInstant } from './tables.ts'

const MAX_SHOWN = 50
/** An interview that nobody finished in this time leaves the list; its flags do not. */
const SHOWN_DAYS = 30
const HOUR_MS = 3_600_000
const SHOWN_ANSWERS = ['given-name', 'family-name', 'phone', 'body-region']

/** Today: flags that wait for a person, emergencies first, and interviews that wait for a patient or the front desk. */
export async function showToday(run: IntakeRun): Promise<{ view: View }> {
  const openFlags = run.tables.selectFrom('flag').selectAll().where('state', '=', 'open').orderBy('raised_at', 'desc').limit(MAX_SHOWN)
  const flags = [...(await openFlags.where('level', '=', 'E').execute()), ...(await openFlags.where('level', '!=', 'E').execute())]
  const since = new Date(Date.parse(run.now) - SHOWN_DAYS * 24 * HOUR_MS).toISOString()
  const found = await run.tables
    .selectFrom('session')
    .selectAll()
    .where('state', 'in', ['open', 'stopped', 'completed'])
    .where('started_at', '>', since)
    .orderBy('started_at', 'desc')
    .limit(MAX_SHOWN)
    .execute()
  // The unused link of a patient who is registered anyway waits for nobody.
  const sessions = found.filter((session) => session.patient_id === null || !isExpired(session, run))
  const people = await findPeople([...sessions.map((session) => session.id), ...flags.map((flag) => flag.session_id)], run)
  const rows = sessions.map((session) => ({
    state: isExpired(session, run) ? 'link expired' : session.state,
    patient: people.get(session.id)?.name ?? null,
    region: (session.body_region ?? people.get(session.id)?.region ?? null)?.replaceAll('-', ' ') ?? null,
    language: session.language === 'es' ? 'Spanish' : 'English',
    at: toInstant(session.started_at),
  }))
  const flagRows = flags.map((flag) => ({
    level: flag.level,
    title: flag.title,
    patient: people.get(flag.session_id)?.name ?? null,
    phone: people.get(flag.session_id)?.phone ?? null,
    at: toInstant(flag.raised_at),
  }))
  return {
    view: {
      kind: 'stack',
      children: [
        ...(flagRows.length === 0 ? [] : [showFlags(flagRows)]),
        rows.length === 0
          ? { kind: 'empty', title: 'No open interviews', hint: 'Make a link and send it to the patient, or open it on the tablet.' }
          : { kind: 'table', caption: 'Open interviews', columns: [...SESSION_COLUMNS], rows },
        { kind: 'action', label: 'New intake link', procedure: 'intake.start', input: { language: 'en' }, primary: true },
        { kind: 'action', label: 'New intake link in Spanish', procedure: 'intake.start', input: { language: 'es' } },
      ],
    },
  }
}

const SESSION_COLUMNS = [
  { key: 'state', label: 'State', as: 'status' },
  { key: 'patient', label: 'Patient' },
  { key: 'region', label: 'Region' },
  { key: 'language', label: 'Language' },
  { key: 'at', label: 'Started', as: 'instant' },
] as const

function showFlags(rows: readonly { level: string; title: string; patient: string | null; phone: string | null; at: string }[]): View {
  return {
    kind: 'card',
    title: `${rows.length} open ${rows.length === 1 ? 'flag' : 'flags'}`,
    tone: rows[0]?.level === 'E' ? 'bad' : 'warn',
    children: [
      {
        kind: 'table',
        caption: 'Flags that wait for a person',
        columns: [
          { key: 'level', label: 'Level', as: 'status' },
          { key: 'title', label: 'Flag' },
          { key: 'patient', label: 'Patient' },
          { key: 'phone', label: 'Phone' },
          { key: 'at', label: 'Raised', as: 'instant' },
        ],
        rows: [...rows],
      },
    ],
  }
}

function isExpired(session: { state: string; started_at: Date | string }, run: IntakeRun): boolean {
  return session.state === 'open' && Date.parse(toInstant(session.started_at)) + run.settings.linkHours * HOUR_MS < Date.parse(run.now)
}

interface Person {
  readonly name: string | null
  readonly phone: string | null
  readonly region: string | null
}

/** Who sits behind each session: from the answers of a new patient, from the chart for one who is known. */
async function findPeople(sessionIds: readonly string[], run: IntakeRun): Promise<ReadonlyMap<string, Person>> {
  const ids = [...new Set(sessionIds)]
  if (ids.length === 0) return new Map()
  const sessions = await run.tables.selectFrom('session').select(['id', 'patient_id']).where('id', 'in', ids).execute()
  const answers = await run.tables
    .selectFrom('answer')
    .select(['session_id', 'question_id', 'answer'])
    .where('session_id', 'in', ids)
    .where('question_id', 'in', SHOWN_ANSWERS)
    .execute()
  const people = new Map<string, Person>()
  for (const { id, patient_id: patientId } of sessions) {
    const said = new Map(answers.filter((row) => row.session_id === id).map((row) => [row.question_id, row.answer.value]))
    const region = textOf(said, 'body-region')
    if (patientId === null) people.set(id, { name: nameOf(said), phone: textOf(said, 'phone'), region })
    else {
      const patient = await run.chart.patient(patientId)
      people.set(id, { name: `${patient.givenName} ${patient.familyName}`, phone: patient.phone, region })
    }
  }
  return people
}
