import { Refusal } from '@gonio/sdk'
import { hashPassword as hash, verifyPassword as verify } from 'better-auth/crypto'

/** NIST SP 800-63B-4 and ASVS 5 §6.2: length counts, composition rules do not. */
const PASSWORD_MIN = 12
const PASSWORD_MAX = 128
/** One scrypt takes 32 MB and about 0.15 s of a core; more at once would starve the clinic. */
const MAX_AT_ONCE = 16
/** Nobody's hash: verifying against it costs the same as against a real one and never succeeds. */
const NOBODY = `${'0'.repeat(32)}:${'0'.repeat(128)}`

let running = 0

/** @throws Refusal `invalid-input` when it is too short or too long */
export async function hashPassword(password: string): Promise<string> {
  if (!fits(password))
    throw new Refusal('invalid-input', `A password has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters. A short sentence works well.`)
  return inTurn(() => hash(password))
}

/** Takes the same time whether or not there is an account; `null` = there is none. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const candidate = fits(password) ? password : ''
  const matches = await inTurn(() => verify({ hash: stored ?? NOBODY, password: candidate }))
  return matches && stored !== null && candidate !== ''
}

/** Characters as a person counts them, not UTF-16 units. */
function fits(password: string): boolean {
  if (password.length > PASSWORD_MAX * 2) return false
  const length = Array.from(password.normalize('NFKC')).length
  return length >= PASSWORD_MIN && length <= PASSWORD_MAX
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_AT_ONCE) throw new Refusal('unavailable', 'Sign-in is busy right now. Try again in a minute.')
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
  }
}
