import { decode, encode, Refusal } from '@gonio/sdk'
import { PostgresQueryCompiler, WithSchemaPlugin } from 'kysely'
import type { RootOperationNode } from 'kysely'

/** What a plugin's query may be made of. Raw SQL, CTEs, foreign schemas and functions off the list are refused before PostgreSQL sees them. */
const NODES = new Set([
  'SelectQueryNode',
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
  'FromNode',
  'TableNode',
  'SchemableIdentifierNode',
  'IdentifierNode',
  'AliasNode',
  'SelectionNode',
  'SelectAllNode',
  'ColumnNode',
  'ReferenceNode',
  'ValueNode',
  'PrimitiveValueListNode',
  'ValueListNode',
  'ValuesNode',
  'WhereNode',
  'BinaryOperationNode',
  'UnaryOperationNode',
  'OperatorNode',
  'AndNode',
  'OrNode',
  'ParensNode',
  'OrderByNode',
  'OrderByItemNode',
  'LimitNode',
  'OffsetNode',
  'GroupByNode',
  'GroupByItemNode',
  'HavingNode',
  'JoinNode',
  'OnNode',
  'ColumnUpdateNode',
  'OnConflictNode',
  'AggregateFunctionNode',
  'FunctionNode',
  'DefaultInsertValueNode',
  'DistinctOnNode',
  'TupleNode',
  'RefTupleNode',
  'CaseNode',
  'WhenNode',
  'CastNode',
  'DataTypeNode',
  'JSONReferenceNode',
  'JSONPathNode',
  'JSONPathLegNode',
  'JSONOperatorChainNode',
])
const FUNCTIONS = new Set([
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'coalesce',
  'lower',
  'upper',
  'length',
  'greatest',
  'least',
  'abs',
  'round',
  'date_trunc',
])
/** Every other string in a tree would reach the SQL text as it is; only names and values are quoted by the compiler. */
const TEXTS: Readonly<Record<string, (text: string) => boolean>> = {
  'IdentifierNode.name': () => true,
  'JSONPathLegNode.type': () => true,
  'JSONPathLegNode.value': (text) => /^\w{1,60}$/.test(text),
  'FunctionNode.func': (text) => FUNCTIONS.has(text),
  'AggregateFunctionNode.func': (text) => FUNCTIONS.has(text),
  'OperatorNode.operator': (text) => OPERATORS.has(text),
  'DataTypeNode.dataType': (text) => /^[a-z][a-z0-9 ]{1,30}(\(\d{1,4}(, \d{1,4})?\))?$/.test(text),
  'OrderByItemNode.nulls': (text) => text === 'first' || text === 'last',
  'JoinNode.joinType': (text) => /^[A-Z][A-Za-z]{2,20}$/.test(text),
}
const OPERATORS = new Set(
  [
    '= != <> > >= < <= + - * / % || @> <@ && ? -> ->> ~ ~* !~ !~* in is like ilike exists not between'.split(' '),
    ['not in', 'is not', 'not like', 'not ilike', 'is distinct from', 'is not distinct from', 'not exists', 'between symmetric'],
  ].flat(),
)
const MAX_NODES = 20_000

export interface CompiledOwn {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** Name of the schema that holds a plugin's tables. */
export function schemaOf(plugin: string): string {
  return `plugin_${plugin.replaceAll('-', '_')}`
}

/**
 * Compiles a query tree that came over the wire, for the plugin's own schema.
 *
 * @throws Refusal `not-allowed` naming what was refused
 */
export function compileOwn(plugin: string, query: unknown, kinds: readonly string[]): CompiledOwn {
  const tree: unknown = decode(encode(query))
  assertAllowed(tree)
  if (!isRoot(tree) || !kinds.includes(tree.kind)) throw refuse(plugin, `a ${String(Reflect.get(Object(tree), 'kind'))} here`)
  const queryId = { queryId: 'own' }
  const placed = new WithSchemaPlugin(schemaOf(plugin)).transformQuery({ node: tree, queryId })
  const { sql, parameters } = new PostgresQueryCompiler().compileQuery(placed, queryId)
  return {
    sql,
    parameters: parameters.map((value) =>
      typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)
        ? JSON.stringify(value)
        : value,
    ),
  }

  function assertAllowed(root: unknown): void {
    const open: unknown[] = [root]
    for (let seen = 0; open.length > 0; seen++) {
      if (seen > MAX_NODES)
        throw new Refusal('too-large', `A query of plugin ${plugin} has more than ${MAX_NODES} parts. Write in smaller steps.`)
      const node = open.pop()
      if (typeof node !== 'object' || node === null || node instanceof Date || node instanceof Uint8Array) continue
      if (Array.isArray(node)) {
        open.push(...node)
        continue
      }
      const kind: unknown = Reflect.get(node, 'kind')
      if (kind === 'RawNode') {
        if (!isDirection(node)) throw refuse(plugin, 'raw SQL')
        continue
      }
      if (kind === 'SchemableIdentifierNode' && Reflect.get(node, 'schema') !== undefined) throw refuse(plugin, 'a table of another schema')
      if (kind === 'ValueNode' || kind === 'PrimitiveValueListNode') continue
      if (typeof kind === 'string' && !NODES.has(kind)) throw refuse(plugin, kind)
      for (const [key, value] of Object.entries(node)) {
        if (key === 'kind') continue
        if (typeof value !== 'string') open.push(value)
        else if (TEXTS[`${String(kind)}.${key}`]?.(value) !== true) throw refuse(plugin, `this ${key}: ${value.slice(0, 40)}`)
      }
    }
  }
}

/** Kysely writes the direction of an order as a raw fragment; these two are the only ones that pass. */
function isDirection(node: object): boolean {
  const fragments: unknown = Reflect.get(node, 'sqlFragments')
  const parameters: unknown = Reflect.get(node, 'parameters')
  return (
    Array.isArray(fragments) &&
    fragments.length === 1 &&
    (fragments[0] === 'asc' || fragments[0] === 'desc') &&
    Array.isArray(parameters) &&
    parameters.length === 0
  )
}

function isRoot(tree: unknown): tree is RootOperationNode {
  return (
    typeof tree === 'object' &&
    tree !== null &&
    ['SelectQueryNode', 'InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode'].includes(String(Reflect.get(tree, 'kind')))
  )
}

function refuse(plugin: string, what: string): Refusal {
  return new Refusal('not-allowed', `Plugin ${plugin} may not use ${what} in a query.`, { plugin })
}
