/** The prefix makes browsers refuse the cookie unless it is Secure, for this host alone and for the whole of it (RFC 6265bis §4.1.3.2). */
const SECURE_NAME = '__Host-gonio'
/** For plain http on loopback, where browsers refuse the prefix. */
const PLAIN_NAME = 'gonio'
const TOKEN = /^[\w-]{43}$/
const MAX_HEADER = 8_192

/** The Set-Cookie value of a new session. No Max-Age: the server says when a session ends, and closing the browser ends it too. */
export function sessionCookie(token: string, https: boolean): string {
  return `${https ? SECURE_NAME : PLAIN_NAME}=${token}; ${attributes(https)}`
}

/** The Set-Cookie value that removes it. */
export function endedSessionCookie(https: boolean): string {
  return `${https ? SECURE_NAME : PLAIN_NAME}=; Max-Age=0; ${attributes(https)}`
}

/** The token in a Cookie header. Over https the plain name is not looked at, since a neighboring host could have planted it. */
export function tokenFromCookie(header: string | null | undefined, https: boolean): string | null {
  if (header === null || header === undefined || header.length > MAX_HEADER) return null
  const name = `${https ? SECURE_NAME : PLAIN_NAME}=`
  const pair = header
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(name))
  const token = pair?.slice(name.length) ?? ''
  return isToken(token) ? token : null
}

/** True for what looks like a token of ours, so that nothing else reaches the database. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

function attributes(https: boolean): string {
  return `Path=/; HttpOnly; SameSite=Strict${https ? '; Secure' : ''}`
}
