import { expect, test } from 'vitest'

import { endedSessionCookie, sessionCookie, tokenFromCookie } from './cookie.ts'

const TOKEN = 'A'.repeat(43)

test('sessionCookie over https carries the __Host- prefix and all that it demands', () => {
  expect(sessionCookie(TOKEN, true)).toBe(`__Host-gonio=${TOKEN}; Path=/; HttpOnly; SameSite=Strict; Secure`)
})

test('sessionCookie over plain http is HttpOnly and Strict', () => {
  expect(sessionCookie(TOKEN, false)).toBe(`gonio=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`)
})

test('endedSessionCookie removes the cookie of the same name', () => {
  expect(endedSessionCookie(true)).toMatch(/^__Host-gonio=; Max-Age=0; .*Secure$/)
})

test('tokenFromCookie finds the token among other cookies', () => {
  expect(tokenFromCookie(`theme=dark; __Host-gonio=${TOKEN}; x=y`, true)).toBe(TOKEN)
  expect(tokenFromCookie(`gonio=${TOKEN}`, false)).toBe(TOKEN)
})

test('tokenFromCookie over https ignores a cookie that a neighboring host could plant', () => {
  expect(tokenFromCookie(`gonio=${TOKEN}`, true)).toBeNull()
})

test.each([null, undefined, '', 'gonio=', `gonio=${TOKEN}x`, "gonio=' or 1=1 --", `x${'y'.repeat(9_000)}; gonio=${TOKEN}`])(
  'tokenFromCookie of %j is null',
  (header) => {
    expect(tokenFromCookie(header, false)).toBeNull()
  },
)
