/** The four characters that one interchange is written with; read again at every ISA. `repetition` is null where ISA11 is not a separator. */
export interface Delimiters {
  readonly element: string
  readonly component: string
  readonly repetition: string | null
  readonly segment: string
}

/** Most elements that are looked at in one segment; no X12 segment comes near it. */
const MAX_ELEMENTS = 200

/** One segment: a window on the decoded text. Elements are split only when somebody asks. */
export class Segment {
  /** 1 for the first segment of the file; in a file with one segment a line this is the line number. */
  readonly position: number
  /** Where it starts in the decoded text. */
  readonly offset: number
  /** Verbatim, without terminator and line breaks. */
  readonly text: string
  readonly delimiters: Delimiters
  readonly tag: string
  /** False where the terminator is missing: the last element may be cut and nothing must be read from it. */
  readonly terminated: boolean
  #elements: readonly string[] | null = null

  constructor(of: { position: number; offset: number; text: string; delimiters: Delimiters; terminated: boolean }) {
    const { position, offset, text, delimiters, terminated } = of
    this.position = position
    this.offset = offset
    this.text = text
    this.delimiters = delimiters
    this.terminated = terminated
    const end = text.indexOf(delimiters.element)
    this.tag = end === -1 ? text : text.slice(0, end)
  }

  get elements(): readonly string[] {
    this.#elements ??= this.text.split(this.delimiters.element, MAX_ELEMENTS)
    return this.#elements
  }

  /** Element `n` as in the standard's names (EB03 is `element(3)`); an absent one is the empty string. */
  element(n: number): string {
    return (this.elements[n] ?? '').trim()
  }

  /** The repetitions of element `n`; none when it is empty. */
  repetitions(n: number): readonly string[] {
    const value = this.element(n)
    if (value === '') return []
    const { repetition } = this.delimiters
    if (repetition === null) return [value]
    return value
      .split(repetition, MAX_ELEMENTS)
      .map((part) => part.trim())
      .filter((part) => part !== '')
  }

  components(n: number): readonly string[] {
    const value = this.element(n)
    return value === '' ? [] : value.split(this.delimiters.component, MAX_ELEMENTS).map((part) => part.trim())
  }
}
