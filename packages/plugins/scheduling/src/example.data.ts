import type { ClinicFacts, VisitFacts, Wish } from './facts.ts'

/** Invented clinics and calendars for tests and the README. */
export function makeId(group: number, n: number): string {
  return `01900000-0000-7000-8${String(group).padStart(3, '0')}-${String(n).padStart(12, '0')}`
}

export function makeClinic(options: {
  therapists: number
  rooms: number
  hours?: ClinicFacts['staff'][number]['hours']
  kind?: 'PT' | 'PTA'
}): ClinicFacts {
  const hours = options.hours ?? [1, 2, 3, 4, 5].map((day) => ({ day, from: 8 * 60, to: 17 * 60 }))
  return {
    timeZone: 'America/New_York',
    locations: [{ id: makeId(1, 1), name: 'Main street', state: 'NY' }],
    rooms: Array.from({ length: options.rooms }, (_, n) => ({
      id: makeId(2, n),
      locationId: makeId(1, 1),
      name: `Room ${n + 1}`,
      kind: 'treatment',
    })),
    staff: Array.from({ length: options.therapists }, (_, n) => ({
      id: makeId(3, n),
      name: `Clinician ${n + 1}`,
      roles: [options.kind === 'PTA' ? 'assistant' : 'therapist'],
      licenses: [{ kind: options.kind ?? 'PT', state: 'NY', expires: '2031-12-31' }],
      hours,
    })),
  }
}

export function makeVisit(n: number, visit: Partial<VisitFacts> & Pick<VisitFacts, 'startsAt' | 'endsAt'>): VisitFacts {
  return {
    id: makeId(4, n),
    patientId: makeId(5, n),
    episodeId: makeId(6, n),
    kind: 'treatment',
    state: 'booked',
    locationId: makeId(1, 1),
    roomId: makeId(2, 0),
    clinicianId: makeId(3, 0),
    ...visit,
  }
}

export function makeWish(wish: Partial<Wish> & Pick<Wish, 'from' | 'to'>): Wish {
  return {
    patientId: null,
    kind: 'treatment',
    minutes: 45,
    notBefore: null,
    clinicianId: null,
    locationId: null,
    authorizedTo: null,
    preferred: { clinicianId: null, minuteOfDay: null },
    limit: 500,
    ...wish,
  }
}
