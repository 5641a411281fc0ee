import { api, problemOf } from '#lib/api.ts'
import { toJson } from '#lib/json.ts'

import { say } from './messages.ts'
import type { Language } from './messages.ts'
import { readStep } from './step.ts'
import type { Answer, Question, Step } from './step.ts'

interface Door {
  readonly token: string
  readonly answerWith: string
}

/** The interview as this page walks it: the step shown, and the questions already answered here, so that Back is safe. */
export class Interview {
  step = $state.raw<Step | null>(null)
  problem = $state<string | null>(null)
  busy = $state(false)
  /** Questions answered on this page, in order, with what was answered. */
  past = $state.raw<readonly { question: Question; answer: Answer }[]>([])
  /** Index into `past` while looking back; null at the present question. */
  at = $state<number | null>(null)
  readonly #door: Door

  constructor(door: Door, first: Step | null) {
    this.#door = door
    this.step = first
  }

  get question(): Question | null {
    if (this.at !== null) return this.past[this.at]?.question ?? null
    return this.step?.step === 'question' ? this.step.question : null
  }

  get given(): Answer {
    return this.at === null ? null : (this.past[this.at]?.answer ?? null)
  }

  /** True when the answer was taken and something else is shown. */
  async answer(answer: Answer, language: Language): Promise<boolean> {
    const question = this.question
    if (question === null || this.busy) return false
    this.busy = true
    this.problem = null
    try {
      const next = readStep(
        await api.links.invoke.mutate({
          token: this.#door.token,
          procedure: this.#door.answerWith,
          input: { questionId: question.id, answer: toJson(answer) },
        }),
      )
      const entry = { question, answer }
      this.past = this.at === null ? [...this.past, entry] : this.past.map((one, index) => (index === this.at ? entry : one))
      this.step = next
      // Forward through what was answered before, then on to the new question; a stop or the end is shown at once.
      const following = this.at === null ? this.past.length : this.at + 1
      this.at = next?.step === 'question' && following < this.past.length ? following : null
      return true
    } catch (error) {
      const problem = problemOf(error)
      this.problem = problem.code === 'unavailable' || problem.code === 'defect' ? say(language, 'offline') : problem.message
      return false
    } finally {
      this.busy = false
    }
  }

  canGoBack(): boolean {
    return this.step?.step === 'question' && (this.at === null ? this.past.length > 0 : this.at > 0)
  }

  show(index: number): void {
    this.problem = null
    this.at = index >= 0 && index < this.past.length ? index : null
  }
}
