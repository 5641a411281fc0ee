import type { Json } from './api-types.ts'

/** A plain copy of a value as it will stand in the request: no proxies, no `undefined`. */
export function toJson(value: unknown): Json {
  const plain: Json = JSON.parse(JSON.stringify(value ?? null))
  return plain
}
