import { decode, encode, MAX_EFFECTS_PER_RUN, REFUSAL_CODES } from '@gonio/sdk'
import type { Effect } from '@gonio/sdk'
import { z } from 'zod'

const Id = z.int().min(1)
const Told = z.strictObject({
  code: z.enum(REFUSAL_CODES),
  message: z.string().transform((text) => text.slice(0, 1_000)),
  detail: z.record(z.string(), z.unknown()),
})
/** What an effect holds beyond its kind is checked where it is applied, for plugins of either host. */
const AnEffect = z.custom<Effect>((value) => {
  const kind: unknown = typeof value === 'object' && value !== null && Object.hasOwn(value, 'kind') ? Reflect.get(value, 'kind') : null
  return typeof kind === 'string' && kind.length <= 60
})
const FromPlugin = z.union([
  z.strictObject({ id: Id, output: z.unknown().optional(), effects: z.array(AnEffect).max(MAX_EFFECTS_PER_RUN) }),
  z.strictObject({ call: Id, id: Id, method: z.string().max(100), args: z.unknown().optional() }),
  z.strictObject({ id: Id, refusal: Told }),
  z.strictObject({ id: Id, failure: z.enum(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'Error', 'unknown']) }),
  z.strictObject({ ready: z.literal(true) }),
])

export type FromPlugin = z.infer<typeof FromPlugin>

/** Null for anything that is not a message of the protocol: whatever the plugin's process sends is a stranger's text. */
export function readMessage(text: string): FromPlugin | null {
  try {
    const value = decode(text)
    // A forged date can be no date; encoding refuses it here instead of in the middle of a commit.
    if (text.includes('"date"')) encode(value)
    return FromPlugin.safeParse(value).data ?? null
  } catch {
    return null
  }
}
