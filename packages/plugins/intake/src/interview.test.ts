import { BODY_REGIONS } from '@gonio/sdk'
import fc from 'fast-check'
import { expect, it } from 'vitest'

import { findNextQuestion, flagsOf } from './interview.ts'
import type { InterviewFacts } from './interview.ts'
import type { AnswerValue, QuestionData } from './question.ts'
import { findItem } from './red-flag-items.data.ts'
import { checkRedFlags } from './red-flags.ts'

const STORIES = [
  'It hurts.',
  'bladder problems',
  'no bladder problems',
  'my leg is weak and I lost weight',
  'prednisone, no fever',
  'tuve cáncer, me despierta el dolor',
]
const MAX_STEPS = 80

/** Walks the graph with the answers that `choose` gives, as the patient page would. */
function walk(facts: InterviewFacts, choose: (question: QuestionData) => AnswerValue): ReadonlyMap<string, AnswerValue> {
  const answers = new Map<string, AnswerValue>()
  for (let steps = 0; steps <= MAX_STEPS; steps += 1) {
    const question = findNextQuestion(facts, answers)
    if (question === null) return answers
    answers.set(question.id, choose(question))
  }
  throw new Error('the interview does not end')
}

const patients = fc.record({
  region: fc.constantFrom(...BODY_REGIONS),
  birthDate: fc.constantFrom('1940-01-01', '1960-01-01', '1975-06-01', '2000-01-01'),
  story: fc.constantFrom(...STORIES),
  onset: fc.constantFrom('injury', 'surgery', 'slowly'),
  buttons: fc.infiniteStream(fc.constantFrom('yes' as const, 'no' as const, 'no' as const, 'unsure' as const)),
})

it('interview ends for any answers, asks what the text points at, and finds what the form finds', () => {
  fc.assert(
    fc.property(patients, ({ region, birthDate, story, onset, buttons }) => {
      const facts: InterviewFacts = { newPatient: true, bodyRegion: null, birthDate: null, askInsurance: true, today: '2026-03-02' }
      const fixed = new Map<string, AnswerValue>(
        Object.entries({ 'birth-date': birthDate, 'body-region': region, 'onset-kind': onset, 'surgery-date': '2026-01-05', story }),
      )
      const answers = walk(facts, (question) =>
        question.kind === 'yes-no-unsure' ? (buttons.next().value ?? 'no') : (fixed.get(question.id) ?? null),
      )
      const closed: Record<string, 'yes' | 'no' | 'unsure'> = {}
      for (const [id, answer] of answers) {
        if (findItem(id) !== undefined && (answer === 'yes' || answer === 'no' || answer === 'unsure')) closed[id] = answer
      }
      const age = 2026 - Number(birthDate.slice(0, 4)) - (birthDate.slice(5) > '03-02' ? 1 : 0)
      const form = checkRedFlags({
        bodyRegion: region,
        age,
        answers: closed,
        freeText: story,
        ...(onset === 'surgery' ? { weeksSinceSurgery: 8 } : {}),
      })
      expect(flagsOf(facts, answers).flags).toEqual(form.flags)
    }),
    { numRuns: 200 },
  )
})
