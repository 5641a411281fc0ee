import { Refusal } from '@gonio/sdk'
import type { NewPatient, Patient } from '@gonio/sdk'
import type { Selectable } from 'kysely'

import type { Tx } from '../db/index.ts'
import { notFound } from './change.ts'
import type { ChangeContext, Changed } from './change.ts'
import type { PatientTable } from './tables.ts'

const COLUMNS = ['id', 'version', 'givenName', 'familyName', 'birthDate', 'sex', 'phone', 'email', 'language', 'mrn'] as const

export async function registerPatient(tx: Tx, context: ChangeContext, patient: NewPatient): Promise<Changed> {
  await tx
    .insertInto('chart.patient')
    .values({
      id: patient.id,
      organizationId: context.organizationId,
      givenName: patient.givenName.trim(),
      familyName: patient.familyName.trim(),
      birthDate: pastDate(patient.birthDate, context.now),
      sex: patient.sex,
      phone: patient.phone,
      email: patient.email,
      language: patient.language,
      mrn: patient.mrn ?? `G-${patient.id.slice(-8).toUpperCase()}`,
      givenKey: searchKey(patient.givenName),
      familyKey: searchKey(patient.familyName),
      phoneKey: digits(patient.phone ?? ''),
      createdAt: context.now,
    })
    .execute()
  const refs = { patientId: patient.id }
  return { refs, events: [{ type: 'patient.registered', refs }] }
}

export async function readPatient(tx: Tx, id: string): Promise<Patient> {
  const [row] = await readPatientsById(tx, [id])
  if (row === undefined) throw notFound('patient')
  return row
}

/** Those of the ids that exist here, in any order. */
export function readPatientsById(tx: Tx, ids: readonly string[]): Promise<readonly Patient[]> {
  return tx.selectFrom('chart.patient').select(COLUMNS).where('id', 'in', ids).execute()
}

export interface FoundPatient {
  readonly id: string
  readonly name: string
  readonly birthDate: string
  readonly mrn: string
  readonly phone: string | null
}

/**
 * Finds patients by the beginning of a given or family name (both in any order), by MRN, by birth date (YYYY-MM-DD or M/D/YYYY) or by
 * three or more digits of a phone number.
 *
 * @param after the id of the last row of the page before
 */
export async function searchPatients(
  tx: Tx,
  options: { query: string; after?: string | undefined; limit: number },
): Promise<readonly FoundPatient[]> {
  const query = options.query.trim().slice(0, 100)
  const date = asDate(query)
  const phone = digits(query)
  let find = tx
    .selectFrom('chart.patient')
    .select(['id', 'givenName', 'familyName', 'birthDate', 'mrn', 'phone'])
    .orderBy('familyKey')
    .orderBy('givenKey')
    .orderBy('id')
    .limit(options.limit)
  if (date !== null) find = find.where('birthDate', '=', date)
  else if (/^g-/i.test(query)) find = find.where('mrn', '=', query.toUpperCase())
  else if (phone.length >= 3 && phone.length >= query.length - 6)
    find = find.where('phoneKey', '>=', phone).where('phoneKey', '<', `${phone}~`)
  else {
    for (const word of searchKey(query)
      .split(' ')
      .filter((part) => part !== '')
      .slice(0, 4)) {
      find = find.where((where) =>
        where.or([
          where.and([where('familyKey', '>=', word), where('familyKey', '<', `${word}\u{10FFFF}`)]),
          where.and([where('givenKey', '>=', word), where('givenKey', '<', `${word}\u{10FFFF}`)]),
        ]),
      )
    }
  }
  const { after } = options
  if (after !== undefined) {
    const last = await tx.selectFrom('chart.patient').select(['familyKey', 'givenKey', 'id']).where('id', '=', after).executeTakeFirst()
    if (last !== undefined) {
      find = find.where((where) =>
        where(where.refTuple('familyKey', 'givenKey', 'id'), '>', where.tuple(last.familyKey, last.givenKey, last.id)),
      )
    }
  }
  return (await find.execute()).map((row) => ({ id: row.id, name: nameOf(row), birthDate: row.birthDate, mrn: row.mrn, phone: row.phone }))
}

export function nameOf(patient: Pick<Selectable<PatientTable>, 'givenName' | 'familyName'>): string {
  return `${patient.familyName}, ${patient.givenName}`
}

/** Lower case, accents folded, single spaces: what a person types finds what another person wrote. */
export function searchKey(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function digits(phone: string): string {
  const all = phone.replaceAll(/\D/g, '')
  return all.length === 11 && all.startsWith('1') ? all.slice(1) : all
}

function asDate(query: string): string | null {
  const us = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(query)
  const iso = us === null ? query : `${us[3]}-${us[1]?.padStart(2, '0')}-${us[2]?.padStart(2, '0')}`
  return isDate(iso) ? iso : null
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
}

function pastDate(date: string, now: string): string {
  if (!isDate(date) || date > now.slice(0, 10) || date < '1890-01-01') {
    throw new Refusal('invalid-input', 'The birth date must be a real date in the past, written YYYY-MM-DD.')
  }
  return date
}
