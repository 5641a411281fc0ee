/** The flags of every command; each reads the ones it knows. */
export interface Flags {
  readonly config?: string | undefined
  readonly 'data-dir'?: string | undefined
  readonly port?: string | undefined
  readonly role?: string | undefined
  readonly input?: string | undefined
  readonly as?: string | undefined
  readonly file?: string | undefined
  readonly key?: string | undefined
}
