import type { Seeding } from '@gonio/core'

import type { Desk, Treatment } from './seed-work.ts'

/** A few weeks of an invented clinic: one patient well under way, one evaluated
 * in the last days, six who come for an evaluation, two interviews on links. */
export async function seedPatients(clinic: Desk, { clock, say }: Seeding): Promise<void> {
  await underWay(clinic, clock)
  say('one patient is three weeks into treatment')
  await evaluatedYesterday(clinic, clock)
  say('one was evaluated yesterday; plan and note wait for the therapist')
  clock.goBack(0)
  await toBeEvaluated(clinic)
  await interviews(clinic)
  say('six are booked for evaluation, two interviews are on links')
}

const LOW_BACK: Treatment = {
  measures: [],
  services: [
    { service: 'therapeutic-exercise', minutes: 23 },
    { service: 'manual-therapy', minutes: 15 },
  ],
  performed: [
    { exercise: 'Bridge', sets: 3, reps: 10, response: 'no pain' },
    { exercise: 'Side plank on knees', sets: 3, reps: 8 },
  ],
  said: 'Sitting through the morning meeting was easier this week.',
}

async function underWay(clinic: Desk, clock: Seeding['clock']): Promise<void> {
  clock.goBack(22)
  const rosa = await clinic.register({
    givenName: 'Rosa',
    familyName: 'Delgado',
    birthDate: '1978-05-04',
    bodyRegion: 'lumbar-spine',
    memberId: 'MD-4471',
    phone: '(212) 555-0142',
    referredBy: 'Dr. Lee Hoang',
  })
  const evaluation = await clinic.book(rosa, 'evaluation', day(21), day(15))
  await clinic.approve('coverage.update', rosa.patientId)
  clock.goBack(daysSince((await clinic.pt.visits.get({ id: evaluation })).visit.startsAt))
  await clinic.treat(evaluation, {
    ...LOW_BACK,
    measures: [
      ['nprs', 7],
      ['psfs', 3],
      ['rom.lumbar-flexion', 35],
    ],
    said: 'It started after moving boxes. Sitting longer than twenty minutes hurts.',
  })
  await clinic.approve('document.sign', rosa.patientId)
  await clinic.approve('plan.approve', rosa.patientId)
  await clinic.approve('visit.book', rosa.patientId)
  for (const [nprs, psfs] of [
    [6, 4],
    [5, 5],
    [4, 6],
  ] as const) {
    const [next] = await clinic.bookedVisits(rosa.episodeId)
    if (next === undefined || daysSince(next.startsAt) <= 0) break
    clock.goBack(daysSince(next.startsAt))
    await clinic.treat(next.id, {
      ...LOW_BACK,
      measures: [
        ['nprs', nprs],
        ['psfs', psfs],
      ],
    })
    await clinic.approve('document.sign', rosa.patientId)
  }
}

async function evaluatedYesterday(clinic: Desk, clock: Seeding['clock']): Promise<void> {
  clock.goBack(6)
  const walter = await clinic.register({
    givenName: 'Walter',
    familyName: 'Kim',
    birthDate: '1955-11-19',
    bodyRegion: 'knee',
    side: 'right',
    memberId: 'MD-2210-AUTH',
    phone: '(212) 555-0177',
    referredBy: 'Dr. Ada Moreau',
  })
  const evaluation = await clinic.book(walter, 'evaluation', day(5), day(1))
  clock.goBack(Math.max(0, daysSince((await clinic.pt.visits.get({ id: evaluation })).visit.startsAt)))
  await clinic.treat(evaluation, {
    measures: [
      ['nprs', 5],
      ['psfs', 2],
      ['lefs', 28],
      ['rom.knee-flexion', 88],
    ],
    services: [
      { service: 'evaluation', minutes: 35 },
      { service: 'therapeutic-exercise', minutes: 15, side: 'right' },
    ],
    performed: [
      { exercise: 'Quad set', sets: 3, reps: 10, side: 'right', response: 'fatigue, no pain' },
      { exercise: 'Heel slide', sets: 3, reps: 10, side: 'right' },
    ],
    said: 'Stairs are the hardest part of the day.',
    noted: 'Two weeks after right total knee replacement. Incision closed and dry.',
  })
}

/** Invented people who come today and in the next days. */
const EXPECTED = [
  ['Amira', 'Haddad', '1990-07-30', 'shoulder', 'left', '(212) 555-0119', 0],
  ['Jonas', 'Weber', '1984-03-12', 'cervical-spine', 'none', '(212) 555-0124', 0],
  ['Grace', 'Oduya', '1962-10-08', 'hip', 'right', '(212) 555-0135', 0],
  ['Mei', 'Tanaka', '1997-01-25', 'ankle-foot', 'left', '(212) 555-0148', 0],
  ['Luis', 'Ortega', '1971-06-17', 'lumbar-spine', 'none', '(212) 555-0150', 1],
  ['Hannah', 'Novak', '2001-12-03', 'knee', 'left', '(212) 555-0158', 1],
] as const

async function toBeEvaluated(clinic: Desk): Promise<void> {
  for (const [at, [givenName, familyName, birthDate, bodyRegion, side, phone, ahead]] of EXPECTED.entries()) {
    const who = await clinic.register({ givenName, familyName, birthDate, bodyRegion, side, phone, memberId: `MD-90${30 + at}` })
    await clinic.book(who, 'evaluation', day(-ahead), day(-ahead - 7))
  }
}

async function interviews(clinic: Desk): Promise<void> {
  const answers = {
    'given-name': 'Tomás',
    'family-name': 'Rivera',
    'birth-date': '1969-01-22',
    phone: '212-555-0163',
    'onset-date': day(30),
    story: 'Me duele al levantarme de la cama.',
    'pain-now': 6,
    'payer-name': 'Meridian Demo Health',
    'member-id': 'MD-7718',
    activities: [
      { name: 'Caminar', score: 4 },
      { name: 'Subir escaleras', score: 3 },
      { name: 'Levantar cajas', score: 2 },
    ],
  }
  await clinic.answerIntake(await clinic.startIntake('lumbar-spine', 'es'), answers)
  await clinic.answerIntake(
    await clinic.startIntake('knee'),
    { ...answers, 'given-name': 'Noor', 'family-name': 'Aziz', phone: '212-555-0181' },
    'pain-now',
  )
}

/** The day so many days before today, YYYY-MM-DD in UTC. */
function day(before: number): string {
  return new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10)
}

/** How far back an instant lies, in days with their fraction. */
function daysSince(instant: string): number {
  return (Date.now() - Date.parse(instant)) / 86_400_000
}
