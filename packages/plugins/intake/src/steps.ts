import type { InterviewFacts } from './interview.ts'
import { findNextQuestion, flagsOf, planQuestions } from './interview.ts'
import { readAnswer, refuseAnswer } from './answers.ts'
import { findFreshFlags, raiseFlags } from './flags.ts'
import type { Answers, Step, Words } from './question.ts'
import type { RaisedFlag } from './red-flags.ts'
import { proposeAdmission } from './admission.ts'
import { findOwnSession, interviewFacts, keepAnswer, readAnswers, refsOf, setState, valuesOf } from './session.ts'
import type { IntakeRun, Session } from './session.ts'
import { DONE, URGENT, URGENT_SELF_HARM } from './texts.data.ts'

/** Where the interview stands; also after a reload, on another device, or after a stop. Changes nothing. */
export async function showStep(run: IntakeRun): Promise<Step> {
  const session = await findOwnSession(run)
  const answers = valuesOf(await readAnswers(session, run))
  const facts = await interviewFacts(session, run)
  return session.state === 'stopped' ? stopStep(session, flagsOf(facts, answers).flags) : nextStep(session, facts, answers)
}

/** Takes one answer, keeps it, runs every red-flag rule, and says what comes next: all in one run. */
export async function takeAnswer(input: { questionId: string; answer?: unknown }, run: IntakeRun): Promise<Step> {
  const session = await findOwnSession(run)
  const stored = await readAnswers(session, run)
  const before = valuesOf(stored)
  const facts = await interviewFacts(session, run)
  if (session.state === 'stopped') return stopStep(session, flagsOf(facts, before).flags)
  if (session.state !== 'open') return nextStep(session, facts, before)

  const question = planQuestions(facts, before).find((candidate) => candidate.id === input.questionId)
  if (question === undefined) return refuseAnswer('unknownQuestion', session.language)
  if (!before.has(question.id) && findNextQuestion(facts, before)?.id !== question.id) return refuseAnswer('notYet', session.language)
  const birthDate = before.get('birth-date')
  const value = readAnswer(question, input.answer, {
    language: session.language,
    today: facts.today,
    birthDate: facts.birthDate ?? (typeof birthDate === 'string' ? birthDate : null),
  })
  await keepAnswer(session, question.id, value, stored.get(question.id), run)

  const answers = new Map(before).set(question.id, value)
  const { flags } = flagsOf(facts, answers)
  const fresh = await findFreshFlags(session, flags, run)
  if (fresh.some((flag) => flag.level === 'E')) {
    await raiseFlags(session, answers, fresh, run)
    await setState(session, 'stopped', run)
    return stopStep(session, flags)
  }
  const step = nextStep(session, facts, answers)
  // A same-day flag does not wait for the end: the patient may never get there.
  await raiseFlags(
    session,
    answers,
    step.step === 'done' ? fresh : fresh.filter((flag) => flag.level === 'D' && !WAITING_RULES.has(flag.rule)),
    run,
  )
  if (step.step === 'done') {
    await setState(session, 'completed', run)
    run.emit('intake.completed', { ...refsOf(session), ownId: session.id })
    proposeAdmission({ session, facts, answers, flags }, run)
  }
  return step
}

/** Rules about questions that are still to come in the same interview. */
const WAITING_RULES = new Set(['canadian-c-spine-open'])

function nextStep(session: Session, facts: InterviewFacts, answers: Answers): Step {
  const { language } = session
  const questions = planQuestions(facts, answers)
  const question = session.state === 'open' ? findNextQuestion(facts, answers) : null
  if (question === null) return { step: 'done', language, text: DONE }
  const { when: _when, ...shown } = question
  return {
    step: 'question',
    language,
    question: { ...shown, progress: { done: questions.filter((candidate) => answers.has(candidate.id)).length, of: questions.length } },
  }
}

function stopStep(session: Session, flags: readonly RaisedFlag[]): Step {
  const emergencies = flags.filter((flag) => flag.level === 'E')
  const text: Words = emergencies.length > 0 && emergencies.every((flag) => flag.rule === 'self-harm') ? URGENT_SELF_HARM : URGENT
  return { step: 'stop', language: session.language, text }
}
