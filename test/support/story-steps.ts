import type { Client } from './clinic.ts'
import { dayFromNow } from './clinic.ts'

/** A registered patient with an episode and a visit in treatment, ready for measurements. */
export async function openTreatment(
  desk: Client,
  pt: Client,
  familyName = 'Faultline',
): Promise<{ patientId: string; episodeId: string; visitId: string }> {
  const { patientId, episodeId } = await desk.patients.register.mutate({
    givenName: 'Terry',
    familyName,
    birthDate: '1980-02-03',
    bodyRegion: 'lumbar-spine',
    payerName: 'Demo Health Plan',
    memberId: 'MB4455',
  })
  const { output } = await desk.plugins.invoke.mutate({
    procedure: 'scheduling.find-slots',
    input: { episodeId, kind: 'evaluation', from: dayFromNow(1), to: dayFromNow(20) },
  })
  const [slot] = (output as { slots: { startsAt: string; endsAt: string; clinicianId: string; roomId: string; locationId: string }[] })
    .slots
  if (slot === undefined) throw new Error('no free slot')
  const { startsAt, endsAt, clinicianId, roomId, locationId } = slot
  const { id } = await desk.visits.book.mutate({
    patientId,
    episodeId,
    kind: 'evaluation',
    startsAt,
    endsAt,
    clinicianId,
    roomId,
    locationId,
  })
  await desk.visits.arrive.mutate({ id, version: 1 })
  await pt.visits.start.mutate({ id, version: 2 })
  return { patientId, episodeId, visitId: id }
}
