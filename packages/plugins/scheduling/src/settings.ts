import { z } from 'zod'

export const SchedulingSettings = z.object({
  leadHours: z.int().min(0).max(336).default(16).describe('Hours between the approval of a plan and the first visit that may be booked'),
  horizonDays: z.int().min(7).max(182).default(91).describe('How many days ahead visits are booked'),
  openTimeDays: z.int().min(1).max(14).default(3).describe('Days shown in the panel of open times'),
  openTimeMinutes: z.int().min(15).max(240).default(30).describe('Shortest open time that is shown, in minutes'),
})
export type SchedulingSettings = z.infer<typeof SchedulingSettings>
