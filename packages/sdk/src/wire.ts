/** JSON with the few things JSON lacks, so that a plugin cannot tell whether it lives in the kernel's process. */
const TAG = '$gonio'

/** Encodes dates, big integers and bytes; drops `undefined` and refuses functions. */
export function encode(value: unknown): string {
  return JSON.stringify(pack(value))
}

export function decode(text: string): unknown {
  return unpack(JSON.parse(text))
}

/** What the other side of a process border would receive. */
export function crossBorder<T>(value: T): T
export function crossBorder(value: unknown): unknown {
  return value === undefined ? undefined : decode(encode(value))
}

function pack(value: unknown): unknown {
  if (value instanceof Date) return { [TAG]: 'date', value: value.toISOString() }
  if (typeof value === 'bigint') return { [TAG]: 'bigint', value: value.toString() }
  if (value instanceof Uint8Array) return { [TAG]: 'bytes', value: Buffer.from(value).toString('base64') }
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError('A function cannot cross to the kernel; pass data.')
  if (Array.isArray(value)) return value.map(pack)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, pack(member)]),
    )
  }
  return value
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const tag: unknown = Reflect.get(value, TAG)
  if (typeof tag === 'string') {
    const text = String(Reflect.get(value, 'value'))
    if (tag === 'date') return new Date(text)
    if (tag === 'bigint') return BigInt(text)
    if (tag === 'bytes') return new Uint8Array(Buffer.from(text, 'base64'))
  }
  return Object.fromEntries(entries.map(([key, member]) => [key, unpack(member)]))
}
