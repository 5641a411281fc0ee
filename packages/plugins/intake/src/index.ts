/**
 * @gonio/plugin-intake: the interview by link, the red-flag engine, and the proposals that follow from them.
 * It never registers, books or clears anything by itself, and no text or model can lower the urgency of a flag.
 * The kernel calls it; the front desk and patients reach it through the kernel.
 */
import { BODY_REGIONS, definePlugin, View } from '@gonio/sdk'
import { z } from 'zod'

import { openEpisode, registerPatient } from './admission.ts'
import { showAnswers } from './episode-view.ts'
import { resolveFlag } from './flags.ts'
import { inviteReferred } from './referral.ts'
import { migrations } from './migrations.ts'
import { Step } from './question.ts'
import { CheckInput, CheckOutput, checkRedFlags } from './red-flags.ts'
import { openInterview } from './session.ts'
import { IntakeSettings } from './settings.ts'
import { showStep, takeAnswer } from './steps.ts'
import type { IntakeTables } from './tables.ts'
import { showToday } from './today-view.ts'

export { checkRedFlags } from './red-flags.ts'

const Start = z.object({
  language: z.enum(['en', 'es']).default('en'),
  bodyRegion: z.enum(BODY_REGIONS).optional(),
  patientId: z.uuid().optional(),
  episodeId: z.uuid().optional(),
})
const Started = z.object({ sessionId: z.uuid(), linkId: z.uuid() })
const Shown = z.object({ view: View })

export const intakePlugin = definePlugin<IntakeTables>()({
  id: 'intake',
  version: '1.0.0',
  sdk: '^1.0',
  title: 'Intake',
  summary: 'Interviews patients by link, checks red flags with fixed rules, and proposes the registration to the front desk.',
  permissions: [
    'patient:read',
    'patient:propose',
    'coverage:read',
    'coverage:propose',
    'episode:read',
    'episode:propose',
    'measurement:write',
    'own-data:write',
    'event:emit',
    'link:create',
    'ui:contribute',
  ],
  settings: IntakeSettings,
  migrations,
  setup(plugin) {
    plugin.on('referral.received', inviteReferred)
    plugin.action(registerPatient)
    plugin.action(openEpisode)
    plugin.action(resolveFlag)
    plugin.procedure(
      'intake.start',
      { input: Start, output: Started, access: 'link:create', summary: 'Opens an interview and makes the link for the patient' },
      openInterview,
    )
    plugin.procedure(
      'intake.next',
      { input: z.object({}), output: Step, access: 'patient-link', summary: 'The question the interview stands at' },
      (_input, run) => showStep(run),
    )
    plugin.procedure(
      'intake.answer',
      {
        input: z.object({ questionId: z.string().min(1).max(60), answer: z.unknown() }),
        output: Step,
        access: 'patient-link',
        summary: 'Takes one answer and gives the next step',
      },
      takeAnswer,
    )
    plugin.procedure(
      'intake.check-red-flags',
      { input: CheckInput, output: CheckOutput, access: 'pure', summary: 'Runs the red-flag rules over answers and free text' },
      checkRedFlags,
    )
    plugin.procedure(
      'intake.today',
      { input: z.object({}), output: Shown, access: 'link:create', summary: 'Open interviews and flags' },
      (_input, run) => showToday(run),
    )
    plugin.procedure(
      'intake.answers',
      { input: z.object({ episodeId: z.uuid() }), output: Shown, access: 'measurement:read', summary: 'Answers and flags of an episode' },
      ({ episodeId }, run) => showAnswers(episodeId, run),
    )
    plugin.view({ id: 'intake-today', slot: 'today.panel/v1', title: 'Intake', procedure: 'intake.today' })
    plugin.view({ id: 'intake-answers', slot: 'episode.tab/v1', title: 'Intake', procedure: 'intake.answers' })
  },
})
