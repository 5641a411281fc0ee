import type { BodyRegion } from '@gonio/sdk'
import type { ColumnType } from 'kysely'

import type { AnswerValue, Language } from './question.ts'
import type { FlagLevel } from './red-flag-rules.data.ts'

/** jsonb: written as JSON text, read back as a value. */
type Json<T> = ColumnType<T, string, string>
type Instant = ColumnType<Date | string, string, string>

export type SessionState = 'open' | 'stopped' | 'completed' | 'accepted'

export interface IntakeTables {
  session: {
    id: string
    link_id: string
    language: Language
    body_region: BodyRegion | null
    patient_id: string | null
    episode_id: string | null
    state: SessionState
    started_at: Instant
    changed_at: Instant
  }
  /** One row per question, so that two answers sent at once can not overwrite each other. */
  answer: {
    id: string
    session_id: string
    question_id: string
    answer: Json<{ readonly value: AnswerValue }>
    /** Answers that this one replaced, newest last: a "yes" that became a "no" stays visible. */
    earlier: Json<readonly AnswerValue[]>
    answered_at: Instant
  }
  flag: {
    id: string
    session_id: string
    rule: string
    rule_version: number
    level: FlagLevel
    title: string
    items: Json<readonly string[]>
    source: string
    state: 'open' | 'resolved'
    raised_at: Instant
    resolved_at: Instant | null
    resolved_by: string | null
    note: string | null
  }
}

export function toInstant(value: Date | string): string {
  return new Date(value).toISOString()
}
