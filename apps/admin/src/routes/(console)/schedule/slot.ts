/** A place in the schedule while it is being chosen. */
export interface Slot {
  date: string
  minutes: number
  length: number
  clinicianId: string
  roomId: string
}
