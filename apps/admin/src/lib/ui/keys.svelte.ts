import { untrack } from 'svelte'

/** Keyboard of the console: what is bound shows itself on buttons and in the list behind "?". */
export interface Binding {
  /** `a`, `g t`, `mod+k`, `mod+enter`, `escape`, `?`. */
  readonly keys: string
  readonly label: string
  readonly group: string
  /** Where the binding lives; while a dialog is open only bindings inside it answer. */
  readonly element?: (() => HTMLElement | null | undefined) | undefined
  readonly run: (event: KeyboardEvent) => void
}

const SEQUENCE_WAIT_MS = 1_200

class Keys {
  bindings = $state.raw<readonly Binding[]>([])
  /** Single keys can be switched off (WCAG 2.1.4); keys with Mod stay. */
  enabled = $state(true)
  #prefix = ''
  #prefixAt = 0

  bind(binding: Binding): () => void {
    // Whoever binds in an effect must not depend on the list it adds to.
    untrack(() => {
      this.bindings = [...this.bindings, binding]
    })
    return () =>
      untrack(() => {
        this.bindings = this.bindings.filter((other) => other !== binding)
      })
  }

  restore(): void {
    this.enabled = localStorage.getItem('single-keys') !== 'off'
  }

  setEnabled(enabled: boolean): void {
    this.enabled = enabled
    localStorage.setItem('single-keys', enabled ? 'on' : 'off')
  }

  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return
    const pressed = nameOf(event)
    const mod = pressed.startsWith('mod+')
    if (!mod && (!this.enabled || event.altKey || inField(event.target))) return
    const dialog = [...document.querySelectorAll<HTMLDialogElement>('dialog[open]')].at(-1)
    const sequence = event.timeStamp - this.#prefixAt < SEQUENCE_WAIT_MS && this.#prefix !== '' ? `${this.#prefix} ${pressed}` : pressed
    this.#prefix = ''
    const live = this.bindings.filter((binding) => dialog === undefined || dialog.contains(binding.element?.() ?? null))
    const found = live.findLast((binding) => binding.keys === sequence) ?? live.findLast((binding) => binding.keys === pressed)
    if (found !== undefined) {
      if (event.repeat && !['j', 'k'].includes(pressed)) return
      event.preventDefault()
      found.run(event)
    } else if (live.some((binding) => binding.keys.startsWith(`${pressed} `))) {
      this.#prefix = pressed
      this.#prefixAt = event.timeStamp
    }
  }
}

export const keys = new Keys()

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 && event.key !== '?' ? event.key.toLowerCase() : event.key === '?' ? '?' : event.key.toLowerCase()
  return event.metaKey || event.ctrlKey ? `mod+${key}` : key
}

function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)
}

/** How keys are written on a button. */
export function printKeys(spec: string, mac: boolean): string[] {
  return spec
    .split(' ')
    .flatMap((part) => part.split('+'))
    .map((key) => {
      if (key === 'mod') return mac ? '⌘' : 'Ctrl'
      if (key === 'enter') return '↵'
      if (key === 'escape') return 'Esc'
      return key.length === 1 ? key.toUpperCase() : key
    })
}
