import type { ApiCaller } from '@gonio/core/api'
import type { BodyRegion, PerformedExercise, ServiceMinutes, Side, VisitKind } from '@gonio/sdk'

/** The steps of a clinic's day, as the people who do them. */
export type Desk = ReturnType<typeof openDesk>

export interface NewDemoPatient {
  readonly givenName: string
  readonly familyName: string
  readonly birthDate: string
  readonly bodyRegion: BodyRegion
  readonly side?: Side
  readonly referredBy?: string
  readonly memberId: string
  readonly language?: 'en' | 'es'
  readonly phone: string
}
export interface Treatment {
  readonly measures: readonly (readonly [string, number])[]
  readonly services: readonly ServiceMinutes[]
  readonly performed: readonly PerformedExercise[]
  readonly said: string
  readonly noted?: string
}
interface Slot {
  readonly startsAt: string
  readonly endsAt: string
  readonly clinicianId: string
  readonly roomId: string
  readonly locationId: string
}

const PATIENCE_MS = 60_000

export function openDesk({ desk, pt, anonymous }: { desk: ApiCaller; pt: ApiCaller; anonymous: ApiCaller }) {
  const register = async (patient: NewDemoPatient) =>
    desk.patients.register({ ...patient, sex: 'unknown', email: null, payerName: 'Meridian Demo Health', payerId: 'meridian-demo' })

  const book = async (of: { patientId: string; episodeId: string }, kind: VisitKind, from: string, to: string): Promise<string> => {
    const { output } = await desk.plugins.invoke({
      procedure: 'scheduling.find-slots',
      input: { episodeId: of.episodeId, kind, from, to, limit: 1 },
    })
    const [slot] = slotsOf(output)
    if (slot === undefined) throw new Error(`The demo clinic has no free slot between ${from} and ${to}.`)
    return (await desk.visits.book({ ...of, kind, ...slot })).id
  }

  /** Waits for what the plugins propose, and approves it as the person whose decision it is. */
  const approve = async (action: string, patientId: string): Promise<void> => {
    const until = Date.now() + PATIENCE_MS
    for (;;) {
      for (const as of [desk, pt]) {
        const item = (await as.proposals.list({ state: 'pending' })).items.find(
          (each) => each.action === action && each.refs.patientId === patientId && each.mayDecide,
        )
        if (item === undefined) continue
        const { seenHash } = await as.proposals.get({ id: item.id })
        await as.proposals.decide({ id: item.id, verdict: 'approve', seenHash })
        return
      }
      if (Date.now() > until) throw new Error(`Nobody proposed ${action} for the demo within a minute.`)
      await pause(40)
    }
  }

  const treat = async (visitId: string, treatment: Treatment): Promise<void> => {
    const which = async () => ({ id: visitId, version: (await pt.visits.get({ id: visitId })).visit.version })
    await desk.visits.arrive(await which())
    await pt.visits.start(await which())
    for (const [code, value] of treatment.measures) {
      await pt.measurements.record({ visitId, code, value, unit: code.startsWith('rom.') ? 'deg' : '{score}', side: 'none' })
    }
    await pt.visits.capture({
      ...(await which()),
      services: [...treatment.services],
      performed: [...treatment.performed],
      remarks: [
        { by: 'patient', text: treatment.said },
        ...(treatment.noted === undefined ? [] : [{ by: 'clinician' as const, text: treatment.noted }]),
      ],
    })
    await pt.visits.complete(await which())
  }

  const startIntake = async (bodyRegion: BodyRegion, language: 'en' | 'es' = 'en'): Promise<string> => {
    const { output } = await desk.plugins.invoke({ procedure: 'intake.start', input: { language, bodyRegion } })
    const { path } = await desk.links.url({ id: String(Reflect.get(Object(output), 'linkId')) })
    return path.slice('/p/'.length)
  }

  const answerIntake = async (token: string, answers: Readonly<Record<string, unknown>>, until?: string): Promise<void> => {
    let { step, question } = Object(await anonymous.links.invoke({ token, procedure: 'intake.next', input: {} }))
    for (let asked = 0; step === 'question' && asked < 80 && question.id !== until; asked++) {
      const answer = JSON.parse(
        JSON.stringify(answers[question.id] ?? (question.kind === 'yes-no-unsure' ? 'no' : (question.options?.[0]?.value ?? null))),
      )
      ;({ step, question } = Object(
        await anonymous.links.invoke({ token, procedure: 'intake.answer', input: { questionId: question.id, answer } }),
      ))
    }
  }

  const bookedVisits = async (episodeId: string) =>
    (await pt.episodes.get({ id: episodeId })).visits.filter((visit) => visit.state === 'booked')

  return { desk, pt, register, book, approve, treat, startIntake, answerIntake, bookedVisits }
}

function slotsOf(output: unknown): readonly Slot[] {
  const slots: unknown = Reflect.get(Object(output), 'slots')
  return Array.isArray(slots)
    ? slots.map(({ startsAt, endsAt, clinicianId, roomId, locationId }) => ({ startsAt, endsAt, clinicianId, roomId, locationId }))
    : []
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
