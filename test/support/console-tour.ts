import type { Page } from 'playwright-core'

import type { Client, Role } from './clinic.ts'

/** Every page of the console, with who looks at it. Paths are found in the seeded clinic. */
export interface Stop {
  readonly name: string
  readonly role: Role
  readonly path: string
}

export async function findStops(as: (role: Role) => Promise<Client>): Promise<readonly Stop[]> {
  const [desk, pt] = [await as('front-desk'), await as('therapist')]
  const rosa = (await desk.patients.search.query({ query: 'delgado' })).items[0]
  const patientId = rosa?.id ?? ''
  const episodeId = (await desk.patients.get.query({ id: patientId })).episodes[0]?.id ?? ''
  const { visits, documents } = await pt.episodes.get.query({ id: episodeId })
  const proposals = (await pt.proposals.list.query({ state: 'pending' })).items
  const visit = (state: string): string => `/visits/${visits.find((each) => each.state === state)?.id ?? ''}`
  const proposal = (action: string): string => `/approvals/${proposals.find((each) => each.action === action)?.id ?? ''}`
  return [
    { name: 'today', role: 'front-desk', path: '/' },
    { name: 'today-pt', role: 'therapist', path: '/' },
    { name: 'approvals', role: 'front-desk', path: '/approvals' },
    { name: 'approval-note', role: 'therapist', path: proposal('document.sign') },
    { name: 'approval-plan', role: 'therapist', path: proposal('plan.approve') },
    { name: 'approval-patient', role: 'front-desk', path: proposal('patient.register') },
    { name: 'patients', role: 'front-desk', path: '/patients' },
    { name: 'patient', role: 'front-desk', path: `/patients/${patientId}` },
    { name: 'episode', role: 'therapist', path: `/episodes/${episodeId}` },
    { name: 'visit-booked', role: 'front-desk', path: visit('booked') },
    { name: 'visit-completed', role: 'therapist', path: visit('completed') },
    { name: 'document', role: 'therapist', path: `/documents/${documents.at(-1)?.id ?? ''}` },
    { name: 'schedule', role: 'front-desk', path: '/schedule' },
    { name: 'plugins', role: 'admin', path: '/plugins' },
    { name: 'plugin', role: 'admin', path: '/plugins/scheduling' },
    { name: 'jobs', role: 'manager', path: '/jobs' },
    { name: 'audit', role: 'manager', path: '/audit' },
  ]
}

/** The page stands: its heading is there and nothing is on its way any more. */
export async function settle(page: Page): Promise<void> {
  await page.locator('html[data-ready]').waitFor({ state: 'attached' })
  await page.getByRole('heading').first().waitFor()
  await page.waitForTimeout(250)
}
