import { Defect, parseWith } from '@gonio/sdk'
import type { Coverage, GonioEvent, Patient, Run } from '@gonio/sdk'
import { z } from 'zod'

import { buildSnapshot, read271 } from './benefits/index.ts'
import type { Snapshot } from './benefits/index.ts'
import type { EligibilitySettings } from './settings.ts'
import { chooseScenario, simulate271 } from './simulator/index.ts'
import type { EligibilityTables } from './tables.ts'
import { readX12 } from './x12/index.ts'

export type EligibilityRun = Run<EligibilityTables, EligibilitySettings>

const VerifyInput = z.object({
  coverageId: z.uuid(),
  attempt: z.number().int().min(1).max(10).default(1),
  force: z.boolean().default(false),
})

/** A visit was booked: ask the payer, unless there is a fresh answer or one is on its way. */
export async function verifyBookedVisit(event: GonioEvent, run: EligibilityRun): Promise<void> {
  const coverageId = await findCoverage(event, run)
  if (coverageId === null || (await wasAsked(coverageId, run, 'today'))) return
  run.enqueue('eligibility.verify', { coverageId }, { key: `verify:${coverageId}:${run.now.slice(0, 10)}` })
}

async function findCoverage({ refs }: GonioEvent, run: EligibilityRun): Promise<string | null> {
  if (refs.coverageId !== undefined) return refs.coverageId
  if (refs.episodeId !== undefined) {
    const episode = await run.chart.episode(refs.episodeId)
    if (episode.coverageId !== null) return episode.coverageId
  }
  if (refs.patientId === undefined) return null
  const coverages = await run.chart.coverages({ patientId: refs.patientId })
  return [...coverages].sort((a, b) => a.rank - b.rank)[0]?.id ?? null
}

/** A fresh answer is enough for anybody; `today` also counts a question that was rejected or not answered, so that eight bookings ask once. */
async function wasAsked(coverageId: string, run: EligibilityRun, what: 'today' | 'answered'): Promise<boolean> {
  const since = new Date(Date.parse(run.now) - Math.max(run.settings.freshHours, 24) * 3_600_000).toISOString()
  const rows = await run.tables
    .selectFrom('eligibility_check')
    .select(['outcome', 'checked_at'])
    .where('coverage_id', '=', coverageId)
    .where('checked_at', '>', since)
    .orderBy('checked_at', 'desc')
    .limit(50)
    .execute()
  const freshFrom = Date.parse(run.now) - run.settings.freshHours * 3_600_000
  return rows.some(({ outcome, checked_at }) => {
    const at = new Date(checked_at)
    if (outcome === 'answered') return at.getTime() > freshFrom
    return what === 'today' && at.toISOString().slice(0, 10) === run.now.slice(0, 10)
  })
}

/** Asks the payer about one coverage, keeps the answer with its raw text, and proposes what it says for a person to accept. */
export async function verifyCoverage(input: Readonly<Record<string, unknown>>, run: EligibilityRun): Promise<void> {
  const { coverageId, attempt, force } = await parseWith(VerifyInput, input, 'The job eligibility.verify')
  if (!force && (await wasAsked(coverageId, run, attempt === 1 ? 'today' : 'answered'))) return
  const coverage = await run.chart.coverage(coverageId)
  const patient = await run.chart.patient(coverage.patientId)
  const text = askPayer({ coverage, patient, trace: run.id }, run)
  const { snapshot, findingCount } = readAnswer(text, coverage, run)
  const outcome = isUnreachable(snapshot)
    ? 'unreachable'
    : snapshot.rejects.length > 0 && snapshot.active.value === null
      ? 'rejected'
      : 'answered'
  const status = statusOf(snapshot)
  const id = run.newId()
  await run.tables
    .insertInto('eligibility_check')
    .values({
      id,
      coverage_id: coverage.id,
      patient_id: patient.id,
      checked_at: run.now,
      rail: run.settings.rail,
      attempt,
      outcome,
      status,
      raw_text: text,
      snapshot: JSON.stringify(snapshot),
      finding_count: findingCount,
    })
    .execute()
  if (outcome === 'unreachable') return askAgain({ coverageId, attempt }, run)
  proposeUpdate({ checkId: id, coverage, snapshot, status }, run)
}

/** The simulator is the only rail; a second one makes this the place to choose. */
function askPayer(of: { coverage: Coverage; patient: Patient; trace: string }, run: EligibilityRun): string {
  const { coverage, patient, trace } = of
  const scenario = chooseScenario(coverage.memberId, run.settings.simulator)
  return simulate271(
    {
      payerId: coverage.payerId,
      payerName: coverage.payerName,
      memberId: coverage.memberId,
      groupNumber: coverage.groupNumber,
      familyName: patient.familyName,
      givenName: patient.givenName,
      birthDate: patient.birthDate,
      serviceDate: run.now.slice(0, 10),
      at: run.now,
      trace: trace.slice(0, 50),
    },
    scenario,
  )
}

function readAnswer(text: string, coverage: Coverage, run: EligibilityRun): { snapshot: Snapshot; findingCount: number } {
  const file = readX12({ text })
  const [person] = read271(file)
  if (person === undefined) throw new Defect('A 271 was read without a person.')
  const clinicNetwork = run.settings.networkByPayer[coverage.payerId] ?? 'unknown'
  const snapshot = buildSnapshot(person, { serviceDate: run.now.slice(0, 10), placeOfService: run.settings.placeOfService, clinicNetwork })
  return { snapshot, findingCount: file.findings.list.length }
}

/** Only when every rejection can be cured by waiting. */
function isUnreachable(snapshot: Snapshot): boolean {
  return snapshot.rejects.length > 0 && snapshot.rejects.every((reject) => reject.whoActs === 'system')
}

export function statusOf(snapshot: Snapshot): 'active' | 'inactive' | 'unknown' {
  if (snapshot.active.value === null || snapshot.active.certainty !== 'stated') return 'unknown'
  return snapshot.active.value ? 'active' : 'inactive'
}

function askAgain(of: { coverageId: string; attempt: number }, run: EligibilityRun): void {
  const { coverageId, attempt } = of
  if (attempt >= run.settings.attempts) return
  const afterSeconds = run.settings.retryMinutes * 60 * 2 ** (attempt - 1)
  run.enqueue(
    'eligibility.verify',
    { coverageId, attempt: attempt + 1 },
    { afterSeconds, key: `verify:${coverageId}:${run.now.slice(0, 10)}:${attempt + 1}` },
  )
}

function proposeUpdate(
  of: { checkId: string; coverage: Coverage; snapshot: Snapshot; status: Coverage['status'] },
  run: EligibilityRun,
): void {
  const { checkId, coverage, snapshot, status } = of
  const lines = [snapshot.active, snapshot.authorization, snapshot.copay, snapshot.visits.allowed, snapshot.visits.remaining].flatMap(
    (fact) => fact.source ?? [],
  )
  run.propose({
    action: 'coverage.update',
    title: status === 'unknown' ? 'The payer’s answer leaves questions' : `The payer answered: coverage ${status}`,
    payload: { coverageId: coverage.id, version: coverage.version, status, benefits: { ...snapshot, checkId } },
    refs: { coverageId: coverage.id, patientId: coverage.patientId },
    evidence: [
      { kind: 'coverage', id: coverage.id },
      ...lines.map((line) => ({ kind: 'own' as const, id: checkId, path: `segment ${line.segment}`, label: line.text.slice(0, 200) })),
    ],
    basedOn: [`coverage:${coverage.id}`],
    key: `coverage:${coverage.id}`,
  })
}
