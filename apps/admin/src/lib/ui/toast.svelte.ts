export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'good' | 'bad'
}

const STAY_MS = { good: 4_000, bad: 9_000 }
const MOST = 3

class Toasts {
  list = $state.raw<readonly Toast[]>([])
  #next = 1

  show(text: string, tone: Toast['tone'] = 'good'): void {
    const id = this.#next
    this.#next += 1
    this.list = [...this.list, { id, text, tone }].slice(-MOST)
    setTimeout(() => this.dismiss(id), STAY_MS[tone])
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
