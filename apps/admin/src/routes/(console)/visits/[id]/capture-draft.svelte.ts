import { api, problemOf } from '#lib/api.ts'
import type { PerformedExercise, ServiceMinutes, Visit } from '@gonio/sdk'

type Remark = Visit['remarks'][number]
const SETTLE_MS = 700

/** What is being charted on one visit: saved by itself a moment after the last key, one save at a time, never over someone else's. */
export class CaptureDraft {
  services = $state<ServiceMinutes[]>([])
  performed = $state<PerformedExercise[]>([])
  remarks = $state<Remark[]>([])
  state = $state<'saved' | 'unsaved' | 'saving' | 'problem'>('saved')
  problem = $state('')
  version = 0
  #id = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: Promise<boolean> | null = null

  /** Takes the server's truth unless there are words here that it does not have. */
  take(visit: Visit): void {
    if (this.state !== 'saved' || (this.#id === visit.id && visit.version <= this.version)) return
    this.#id = visit.id
    this.version = visit.version
    this.services = visit.services.map((service) => ({ ...service }))
    this.performed = visit.performed.map((exercise) => ({ ...exercise }))
    this.remarks = visit.remarks.map((remark) => ({ ...remark }))
  }

  touch(): void {
    this.state = 'unsaved'
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), SETTLE_MS)
  }

  /** Saves now; true when the server has everything. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer)
    if (this.#running !== null) await this.#running
    if (this.state === 'saved') return true
    this.#running = this.#save()
    const saved = await this.#running
    this.#running = null
    return saved
  }

  /** After a conflict: what the server has replaces what is here. */
  discard(visit: Visit): void {
    this.state = 'saved'
    this.version = 0
    this.take(visit)
  }

  async #save(): Promise<boolean> {
    this.state = 'saving'
    try {
      const saved = await api.visits.capture.mutate({
        id: this.#id,
        version: this.version,
        services: $state.snapshot(this.services).filter((service) => service.minutes > 0),
        performed: $state.snapshot(this.performed).filter((exercise) => exercise.exercise.trim() !== ''),
        remarks: $state.snapshot(this.remarks).filter((remark) => remark.text.trim() !== ''),
      })
      this.version = saved.version
      // A key typed while this was on its way has already asked for the next save.
      if (this.#state() === 'saving') this.state = 'saved'
      return true
    } catch (error) {
      this.problem = problemOf(error).message
      this.state = 'problem'
      return false
    }
  }

  #state(): string {
    return this.state
  }
}
