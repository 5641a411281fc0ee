import { Lru } from './lru.ts'

const MAX_ORGANIZATIONS = 100
const MAX_ANSWERS = 200
const MAX_ANSWER_LENGTH = 64_000

/** Answers of this process. An organization has a store of its own: no key can reach the answers of another one, or push them out. */
export class Memo {
  readonly #organizations = new Lru<Lru<string>>(MAX_ORGANIZATIONS)

  read(organizationId: string, key: string): string | undefined {
    return this.#organizations.get(organizationId)?.get(key)
  }

  keep(organizationId: string, key: string, answer: string): void {
    if (answer.length > MAX_ANSWER_LENGTH) return
    const answers = this.#organizations.get(organizationId) ?? new Lru<string>(MAX_ANSWERS)
    answers.set(key, answer)
    this.#organizations.set(organizationId, answers)
  }
}
