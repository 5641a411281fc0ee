/** A JSON Schema as the form sees it: about ten kinds of field; what does not fit is edited as JSON. */
export type FormNode =
  | { readonly kind: 'text'; readonly input: 'text' | 'long' | 'date' | 'instant' | 'email'; readonly maxLength: number | undefined }
  | { readonly kind: 'number'; readonly integer: boolean; readonly min: number | undefined; readonly max: number | undefined }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly options: readonly (string | number)[] }
  /** Ids and constants are kept as they are. */
  | { readonly kind: 'fixed' }
  | { readonly kind: 'nullable'; readonly inner: FormNode }
  | { readonly kind: 'list'; readonly item: FormNode; readonly empty: unknown; readonly max: number }
  | { readonly kind: 'group'; readonly fields: readonly FormField[] }
  | { readonly kind: 'json' }

export interface FormField {
  readonly key: string
  readonly label: string
  readonly hint: string | undefined
  readonly required: boolean
  readonly node: FormNode
}

type Json = Readonly<Record<string, unknown>>
const MAX_DEPTH = 8
const LONG_TEXT = 200

export function readSchema(schema: unknown, root: unknown = schema, depth = 0): FormNode {
  const at = follow(schema, root)
  if (at === null || depth > MAX_DEPTH) return { kind: 'json' }
  if ('const' in at) return { kind: 'fixed' }
  if (Array.isArray(at['enum']))
    return { kind: 'choice', options: at['enum'].filter((option) => typeof option === 'string' || typeof option === 'number') }
  const either = Array.isArray(at['anyOf']) ? at['anyOf'] : Array.isArray(at['oneOf']) ? at['oneOf'] : null
  if (either !== null) return readEither(either, root, depth)
  if (Array.isArray(at['type']))
    return readEither(
      at['type'].map((type: unknown) => ({ ...at, type })),
      root,
      depth,
    )
  switch (at['type']) {
    case 'string':
      return readText(at)
    case 'number':
    case 'integer':
      return { kind: 'number', integer: at['type'] === 'integer', min: bound(at['minimum']), max: bound(at['maximum']) }
    case 'boolean':
      return { kind: 'boolean' }
    case 'array':
      return {
        kind: 'list',
        item: readSchema(at['items'], root, depth + 1),
        empty: emptyOf(at['items'], root),
        max: numeric(at['maxItems']) ?? 200,
      }
    case 'object':
      return readGroup(at, root, depth)
    default:
      return { kind: 'json' }
  }
}

function readEither(options: readonly unknown[], root: unknown, depth: number): FormNode {
  const others = options.filter((option) => follow(option, root)?.['type'] !== 'null')
  const only = others.length === 1 ? readSchema(others[0], root, depth) : null
  if (only !== null) return others.length < options.length ? { kind: 'nullable', inner: only } : only
  const constants = others.map((option) => follow(option, root)?.['const'])
  if (constants.every((value) => typeof value === 'string' || typeof value === 'number')) return { kind: 'choice', options: constants }
  return { kind: 'json' }
}

function readText(at: Json): FormNode {
  const maxLength = numeric(at['maxLength'])
  if (at['format'] === 'uuid') return { kind: 'fixed' }
  const input =
    at['format'] === 'date'
      ? 'date'
      : at['format'] === 'date-time'
        ? 'instant'
        : at['format'] === 'email'
          ? 'email'
          : (maxLength ?? 0) >= LONG_TEXT
            ? 'long'
            : 'text'
  return { kind: 'text', input, maxLength }
}

function readGroup(at: Json, root: unknown, depth: number): FormNode {
  if (!isObject(at['properties'])) return { kind: 'json' }
  const required = Array.isArray(at['required']) ? at['required'] : []
  const fields = Object.entries(at['properties']).map(([key, schema]) => {
    const own = follow(schema, root) ?? {}
    return {
      key,
      label: typeof own['title'] === 'string' ? own['title'] : labelOf(key),
      hint: typeof own['description'] === 'string' ? own['description'] : undefined,
      required: required.includes(key),
      node: readSchema(schema, root, depth + 1),
    }
  })
  return { kind: 'group', fields }
}

/** A first value for a new entry of a list. */
export function emptyOf(schema: unknown, root: unknown = schema, depth = 0): unknown {
  const at = follow(schema, root)
  if (at === null || depth > MAX_DEPTH) return null
  if ('default' in at) return at['default']
  if ('const' in at) return at['const']
  if (Array.isArray(at['enum'])) return at['enum'][0]
  if (Array.isArray(at['anyOf']))
    return at['anyOf'].some((option) => follow(option, root)?.['type'] === 'null') ? null : emptyOf(at['anyOf'][0], root, depth + 1)
  switch (at['type']) {
    case 'string':
      return ''
    case 'number':
    case 'integer':
      return numeric(at['minimum']) ?? 0
    case 'boolean':
      return false
    case 'array':
      return []
    case 'object':
      return Object.fromEntries(
        Object.entries(isObject(at['properties']) ? at['properties'] : {}).map(([key, member]) => [key, emptyOf(member, root, depth + 1)]),
      )
    default:
      return null
  }
}

function follow(schema: unknown, root: unknown): Json | null {
  if (!isObject(schema)) return null
  const ref = schema['$ref']
  if (typeof ref !== 'string') return schema
  let at: unknown = root
  for (const step of ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== ''))
    at = isObject(at) ? at[step] : undefined
  return isObject(at) && at['$ref'] === undefined ? at : null
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a field takes the full width of its group. */
export function isWide(node: FormNode): boolean {
  const inner = node.kind === 'nullable' ? node.inner : node
  return (
    inner.kind === 'list' ||
    inner.kind === 'group' ||
    inner.kind === 'json' ||
    inner.kind === 'boolean' ||
    (inner.kind === 'text' && inner.input === 'long')
  )
}

/** A key such as `lumbar-spine` as words; short codes stay as they are. */
export function printOption(option: string | number): string {
  return typeof option === 'string' && /^[a-z]{3,}(-[a-z]+)*$/.test(option) ? labelOf(option) : String(option)
}

function numeric(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** zod writes the safe integers as bounds; they say nothing to a person. */
function bound(value: unknown): number | undefined {
  const number = numeric(value)
  return number === undefined || Math.abs(number) >= Number.MAX_SAFE_INTEGER ? undefined : number
}

function labelOf(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_.]+/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
