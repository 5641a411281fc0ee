import { BlockList, isIP } from 'node:net'

const MAX_ANSWER_BYTES = 2_000_000

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** RFC 1918 and RFC 4193: addresses of the clinic's own network. */
const ownNetwork = new BlockList()
ownNetwork.addSubnet('10.0.0.0', 8, 'ipv4')
ownNetwork.addSubnet('172.16.0.0', 12, 'ipv4')
ownNetwork.addSubnet('192.168.0.0', 16, 'ipv4')
ownNetwork.addSubnet('fc00::', 7, 'ipv6')

/**
 * Why chart data may not be sent there, or null when it may: this machine always; any other host only when the operator's list names it, and
 * then without encryption only inside the clinic's own network.
 */
export function whyForbidden(baseUrl: string, allowedHosts: readonly string[]): 'bad-url' | 'host-not-allowed' | 'not-encrypted' | null {
  if (!URL.canParse(baseUrl)) return 'bad-url'
  const url = new URL(baseUrl)
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return 'bad-url'
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (host === 'localhost' || isIn(loopback, host)) return null
  if (!allowedHosts.some((allowed) => allowed.toLowerCase() === host)) return 'host-not-allowed'
  return url.protocol === 'https:' || isIn(ownNetwork, host) ? null : 'not-encrypted'
}

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host)
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

/** A redirect would carry the prompt to a host that nobody allowed; an endless answer would fill the memory. */
export async function fetchGuarded(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'error' })
  if (response.body === null) return response
  let left = MAX_ANSWER_BYTES
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      left -= chunk.byteLength
      if (left < 0) controller.error(new Error('The answer of the model is too long'))
      else controller.enqueue(chunk)
    },
  })
  const { status, statusText, headers } = response
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers })
}
