import { Refusal } from '@gonio/sdk'
import type { ActionDefinition } from '@gonio/sdk'
import { z } from 'zod'

import type { Answers } from './question.ts'
import type { RaisedFlag } from './red-flags.ts'
import { contactOf, findSession, refsOf, setState } from './session.ts'
import type { IntakeRun, Session } from './session.ts'
import type { IntakeSettings } from './settings.ts'
import type { IntakeTables } from './tables.ts'

export const FlagPayload = z.object({
  sessionId: z.uuid(),
  level: z.enum(['E', 'D', 'T']),
  flags: z
    .array(
      z.object({
        id: z.uuid(),
        rule: z.string(),
        level: z.enum(['E', 'D', 'T']),
        title: z.string(),
        because: z.string(),
        source: z.string(),
      }),
    )
    .min(1)
    .max(60),
  contact: z.object({ name: z.string().max(250).nullable(), phone: z.string().max(40).nullable() }),
  /** What was done: who was called, where the patient was sent. */
  note: z.string().max(1_000).default(''),
  /** Lets the patient go on with an interview that an emergency flag stopped. */
  resume: z.boolean().default(false),
})
export type FlagPayload = z.infer<typeof FlagPayload>

/**
 * Flags that have no row yet. An emergency is raised again when another symptom joins it, even after a person resolved the first; flags
 * of the other levels are raised once.
 */
export async function findFreshFlags(session: Session, flags: readonly RaisedFlag[], run: IntakeRun): Promise<readonly RaisedFlag[]> {
  const rows = await run.tables.selectFrom('flag').select(['rule', 'items']).where('session_id', '=', session.id).limit(MAX_FLAGS).execute()
  return flags.filter((flag) => {
    const raised = rows.filter((row) => row.rule === flag.rule)
    const seen = new Set(raised.flatMap((row) => row.items))
    return raised.length === 0 || (flag.level === 'E' && flag.items.some((item) => !seen.has(item)))
  })
}

const MAX_FLAGS = 200

/** Writes the flag rows, announces each, and asks a person to act: all in the run that found them. */
export async function raiseFlags(session: Session, answers: Answers, flags: readonly RaisedFlag[], run: IntakeRun): Promise<void> {
  const [first] = flags
  if (first === undefined) return
  const rows = flags.map((flag) => ({ ...flag, id: run.newId() }))
  for (const flag of rows) {
    await run.tables
      .insertInto('flag')
      .values({
        id: flag.id,
        session_id: session.id,
        rule: flag.rule,
        rule_version: flag.version,
        level: flag.level,
        title: flag.title,
        items: JSON.stringify(flag.items),
        source: flag.source,
        state: 'open',
        raised_at: run.now,
        resolved_at: null,
        resolved_by: null,
        note: null,
      })
      .execute()
    run.emit('flag.raised', { ...refsOf(session), ownId: flag.id })
  }
  const level = (['E', 'D', 'T'] as const).find((candidate) => rows.some((flag) => flag.level === candidate)) ?? 'T'
  const payload: FlagPayload = {
    sessionId: session.id,
    level,
    contact: await contactOf(session, answers, run),
    note: '',
    resume: false,
    flags: rows.map(({ id, rule, level: of, title, because, source }) => ({ id, rule, level: of, title, because, source })),
  }
  run.propose({
    action: 'flag.resolve',
    title: TITLES[level],
    payload,
    refs: { ...refsOf(session), ownId: session.id },
    key: `flag:${session.id}:${first.rule}`,
    evidence: rows.map((flag) => ({ kind: 'rule', id: flag.rule, label: `${flag.title} (${flag.source}, checked ${flag.checkedOn})` })),
  })
}

const TITLES = {
  E: 'Emergency flag in an intake: call the patient now',
  D: 'Same-day flag in an intake: reach a doctor',
  T: 'Intake flag for the therapist to review',
} as const

export const resolveFlag: ActionDefinition<FlagPayload, IntakeTables, IntakeSettings> = {
  name: 'flag.resolve',
  title: 'Act on an intake flag',
  payload: FlagPayload,
  // Anyone at the desk may act on an emergency; whether a flag is harmless is for a physical therapist to say.
  decide: { roles: ['therapist', 'front-desk'], narrow: [{ field: 'level', in: ['D', 'T'], licenses: ['PT'] }] },
  risk: 'clinical',
  expiresAfterHours: 24 * 30,
  effects: [],
  summarize: (payload) => ({
    kind: 'stack',
    children: [
      { kind: 'text', tone: payload.level === 'T' ? 'warn' : 'bad', text: TITLES[payload.level] },
      {
        kind: 'table',
        caption: 'Flags',
        columns: [
          { key: 'level', label: 'Level', as: 'status' },
          { key: 'title', label: 'Flag' },
          { key: 'because', label: 'Because' },
          { key: 'source', label: 'Rule from' },
        ],
        rows: payload.flags.map(({ level, title, because, source }) => ({ level, title, because, source })),
      },
      {
        kind: 'key-value',
        rows: [
          { label: 'Patient', value: payload.contact.name },
          { label: 'Phone', value: payload.contact.phone },
          { label: 'What was done', value: payload.note === '' ? 'not written yet' : payload.note },
          { label: 'Patient may go on with the interview', value: payload.resume ? 'yes' : 'no' },
        ],
      },
    ],
  }),
  async apply(payload, run) {
    const session = await findSession(payload.sessionId, run)
    if (session === null) throw new Refusal('not-found', 'There is no interview with this id.')
    await run.tables
      .updateTable('flag')
      .set({ state: 'resolved', resolved_at: run.now, resolved_by: run.decidedBy, note: payload.note })
      .where('session_id', '=', session.id)
      .where(
        'id',
        'in',
        payload.flags.map((flag) => flag.id),
      )
      .execute()
    for (const flag of payload.flags) run.emit('flag.resolved', { ...refsOf(session), ownId: flag.id })
    if (session.state === 'stopped' && payload.resume) await setState(session, 'open', run)
  },
}
