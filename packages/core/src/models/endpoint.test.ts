import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { fetchGuarded, whyForbidden } from './endpoint.ts'
import { openModelServer } from './test-model-server.ts'
import type { ModelServer } from './test-model-server.ts'

let server: ModelServer
beforeAll(async () => {
  server = await openModelServer()
})
afterAll(() => server.close())

test('whyForbidden lets this machine through without a list', () => {
  const local = [
    'http://127.0.0.1:11434/v1',
    'http://localhost:8080/v1',
    'http://[::1]:1/v1',
    'https://127.9.9.9/v1',
    'http://2130706433/v1',
  ]
  expect(local.map((url) => whyForbidden(url, []))).toEqual(local.map(() => null))
})

test('whyForbidden refuses every other host that the list does not name', () => {
  const other = [
    'https://api.example.com/v1',
    'http://10.0.0.5:11434/v1',
    'http://169.254.169.254/v1',
    'http://0.0.0.0:11434/v1',
    'http://127.0.0.1.example.com/v1',
    'http://localhost.example.com/v1',
    'http://localhost./v1',
    'http://[::ffff:10.0.0.5]/v1',
    'https://sub.models.example/v1',
  ]
  expect(other.map((url) => whyForbidden(url, ['models.example']))).toEqual(other.map(() => 'host-not-allowed'))
  fc.assert(fc.property(fc.domain(), (domain) => whyForbidden(`https://${domain}/v1`, ['models.example']) === 'host-not-allowed'))
})

test('whyForbidden accepts a listed host encrypted, and plain only inside the own network', () => {
  const list = ['Models.example', '10.0.0.5', 'fd00::5', '203.0.113.9']
  expect(whyForbidden('https://models.EXAMPLE/v1', list)).toBe(null)
  expect(whyForbidden('http://models.example/v1', list)).toBe('not-encrypted')
  expect(whyForbidden('http://203.0.113.9/v1', list)).toBe('not-encrypted')
  expect(whyForbidden('http://10.0.0.5:11434/v1', list)).toBe(null)
  expect(whyForbidden('http://[fd00::5]/v1', list)).toBe(null)
})

test('whyForbidden refuses addresses that carry a password, a query or another protocol', () => {
  const bad = ['http://me:secret@127.0.0.1/v1', 'http://127.0.0.1/v1?x=1', 'http://127.0.0.1/v1#x', 'ftp://127.0.0.1/v1', 'nonsense']
  expect(bad.map((url) => whyForbidden(url, []))).toEqual(bad.map(() => 'bad-url'))
})

test('fetchGuarded follows no redirect, so that a prompt stays where it was allowed', async () => {
  server.reply((response) => response.writeHead(307, { location: '/elsewhere' }).end())
  await expect(fetchGuarded(`${server.baseUrl}/chat/completions`, { method: 'POST', body: '{}' })).rejects.toThrow('fetch failed')
  expect(server.seen.map(({ url }) => url)).toEqual(['/v1/chat/completions'])
})

test('fetchGuarded stops reading an answer that does not end', async () => {
  let written = 0
  server.reply((response) => {
    const pump = (): void => {
      while (!response.destroyed && written < 50_000_000 && response.write(Buffer.alloc(100_000, 32))) written += 100_000
    }
    response.on('drain', pump)
    pump()
  })
  const response = await fetchGuarded(`${server.baseUrl}/chat/completions`, { method: 'POST', body: '{}' })
  await expect(response.text()).rejects.toThrow('too long')
  expect(written).toBeLessThan(50_000_000)
})
