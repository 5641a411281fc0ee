import type { Client } from './clinic.ts'

interface Question {
  id: string
  kind: 'text' | 'date' | 'phone' | 'choice' | 'scale' | 'yes-no-unsure' | 'activities'
  options?: { value: string }[]
  optional?: boolean
}
interface Step {
  kind?: string
  question?: Question
}

/** Answers an interview to its end as a patient would, over the public link. Returns the last step. */
export async function answerInterview(patient: Client, token: string, answers: Readonly<Record<string, unknown>> = {}): Promise<Step> {
  const opened = await patient.links.open.query({ token })
  let step = stepOf(await patient.links.invoke.mutate({ token, procedure: opened.start, input: {} }))
  for (let asked = 0; step.question !== undefined; asked++) {
    if (asked > 80) throw new Error('the interview does not end')
    const { question } = step
    const answer = answers[question.id] ?? usual(question)
    step = stepOf(
      await patient.links.invoke.mutate({ token, procedure: 'intake.answer', input: { questionId: question.id, answer: answer as never } }),
    )
  }
  return step
}

function stepOf(output: unknown): Step {
  const { step, question } = Object(output)
  return { kind: String(step), ...(step === 'question' ? { question } : {}) }
}

function usual(question: Question): unknown {
  switch (question.kind) {
    case 'date':
      return question.id === 'birth-date' ? '1978-05-04' : '2026-10-01'
    case 'phone':
      return '212-555-0142'
    case 'choice':
      return question.options?.[0]?.value
    case 'scale':
      return 6
    case 'yes-no-unsure':
      return 'no'
    case 'activities':
      return [
        { name: 'Sitting at a desk', score: 3 },
        { name: 'Lifting groceries', score: 2 },
        { name: 'Walking', score: 4 },
      ]
    case 'text':
      return question.id === 'member-id' ? 'MB00112233' : 'It began after moving boxes.'
  }
}
