import type { StandardSchemaV1 } from '@standard-schema/spec'
import { toJSONSchema, ZodType } from 'zod'

import { Defect, Refusal } from './errors.ts'

/** Any Standard Schema (zod, valibot, arktype …); our own code uses zod 4. */
export type Schema<Output = unknown> = StandardSchemaV1<unknown, Output>
export type Infer<S> = S extends StandardSchemaV1<unknown, infer Output> ? Output : never

/** JSON Schema of a plugin's schema, for the settings form and for `gonio describe`. */
export type JsonSchema = { readonly [key: string]: unknown }

/**
 * Parses `value` or refuses with the paths and rules that failed. The refused value itself is never in the message: it may be patient data.
 *
 * @throws Refusal `invalid-input`
 */
export async function parseWith<S extends Schema>(schema: S, value: unknown, what: string): Promise<Infer<S>>
export async function parseWith(schema: Schema, value: unknown, what: string): Promise<unknown> {
  const result = await schema['~standard'].validate(value)
  if (result.issues === undefined) return result.value
  const lines = result.issues.slice(0, 10).map((issue) => {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
    return `${path === '' ? 'the value' : path}: ${withoutValues(issue.message)}`
  })
  throw new Refusal('invalid-input', `${what} is not valid. ${lines.join('; ')}.`, { fields: lines })
}

/** Schema libraries may quote the input; what stands in quotes after "received" is cut. */
function withoutValues(message: string): string {
  return message.replace(/received .*$/i, 'received something else').slice(0, 200)
}

/** The JSON Schema of a zod schema; a schema of another library must carry its own in `~standard.jsonSchema`. */
export function toJson(schema: Schema, side: 'input' | 'output' = 'input'): JsonSchema {
  if (schema instanceof ZodType) return toJSONSchema(schema, { io: side, unrepresentable: 'any' })
  const own: unknown = Reflect.get(schema['~standard'], 'jsonSchema')
  if (typeof own === 'object' && own !== null) {
    const make: unknown = Reflect.get(own, side)
    if (typeof make === 'function') {
      const made: unknown = make({ target: 'draft-2020-12' })
      if (typeof made === 'object' && made !== null) return { ...made }
    }
  }
  throw new Defect('This schema library cannot describe itself as JSON Schema; use zod 4 or one with Standard JSON Schema.')
}
