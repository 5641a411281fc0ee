import { signOut } from '#lib/api.ts'
import { announceSignOut } from '#lib/live.ts'

/** Signs this browser out in every tab; a full load drops all that was in memory. */
export async function leave(): Promise<void> {
  await signOut()
  announceSignOut()
  location.replace('/sign-in')
}
