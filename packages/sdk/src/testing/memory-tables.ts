import {
  AggregateFunctionNode,
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  ColumnUpdateNode,
  DeleteQueryNode,
  IdentifierNode,
  InsertQueryNode,
  OperatorNode,
  OrNode,
  ParensNode,
  PrimitiveValueListNode,
  RawNode,
  ReferenceNode,
  SelectAllNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from 'kysely'
import type { OperationNode, WhereNode } from 'kysely'

import { Defect } from '../errors.ts'

type Row = Record<string, unknown>

/**
 * The plugin's own tables in memory, enough of SQL for most plugins: one table a query; =, !=, <, >, in, is, and, or; order, limit;
 * insert with on conflict, update, delete. What it cannot do it says, naming the node: test that query in a story on the real database.
 */
export class MemoryTables {
  readonly #tables = new Map<string, Row[]>()

  rows(table: string): Row[] {
    const rows = this.#tables.get(table) ?? []
    this.#tables.set(table, rows)
    return rows
  }

  select(query: OperationNode): Row[] {
    if (!SelectQueryNode.is(query)) throw unknownNode(query)
    let found = this.rows(tableOf(query.from?.froms[0])).filter((row) => holds(query.where, row))
    for (const item of [...(query.orderBy?.items ?? [])].reverse()) {
      const down =
        item.kind === 'OrderByItemNode' &&
        item.direction !== undefined &&
        RawNode.is(item.direction) &&
        item.direction.sqlFragments[0] === 'desc'
      const column = columnOf(item.orderBy)
      found = found.toSorted((a, b) => compare(a[column], b[column]) * (down ? -1 : 1))
    }
    const limit = query.limit === undefined ? undefined : Number(valueOf(query.limit.limit))
    return project(query, limit === undefined ? found : found.slice(0, limit))
  }

  write(query: OperationNode): void {
    if (InsertQueryNode.is(query)) this.#insert(query)
    else if (UpdateQueryNode.is(query)) {
      for (const row of this.rows(tableOf(query.table))) if (holds(query.where, row)) update(row, query.updates ?? [])
    } else if (DeleteQueryNode.is(query)) {
      const table = tableOf(query.from.froms[0])
      this.#tables.set(
        table,
        this.rows(table).filter((row) => !holds(query.where, row)),
      )
    } else throw unknownNode(query)
  }

  #insert(query: InsertQueryNode): void {
    const rows = this.rows(tableOf(query.into))
    const columns = (query.columns ?? []).map((column) => columnOf(column))
    if (query.values === undefined || !ValuesNode.is(query.values)) throw unknownNode(query.values ?? query)
    for (const list of query.values.values) {
      const values = PrimitiveValueListNode.is(list) ? list.values : ValueListNode.is(list) ? list.values.map(valueOf) : []
      const row: Row = Object.fromEntries(columns.map((column, at) => [column, stored(values[at])]))
      const keys = query.onConflict?.columns?.map((column) => columnOf(column)) ?? ['id']
      const twin = rows.find((other) => keys.every((key) => row[key] !== undefined && other[key] === row[key]))
      if (twin === undefined) rows.push(row)
      else if (query.onConflict === undefined) throw new Error(`duplicate key in ${tableOf(query.into)}: ${keys.join(', ')}`)
      else if (query.onConflict.doNothing !== true) update(twin, query.onConflict.updates ?? [], row)
    }
  }
}

function update(row: Row, updates: readonly OperationNode[], excluded: Row = {}): void {
  for (const item of updates) {
    if (!ColumnUpdateNode.is(item)) throw unknownNode(item)
    const fromExcluded = ReferenceNode.is(item.value) && item.value.table !== undefined
    row[columnOf(item.column)] = fromExcluded ? excluded[columnOf(item.value)] : stored(valueOf(item.value))
  }
}

/** A jsonb column gives back what a plugin stored as JSON text. */
function stored(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value ?? null
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function project(query: SelectQueryNode, rows: Row[]): Row[] {
  const selections = query.selections ?? []
  if (selections.some((item) => AliasNode.is(item.selection) && AggregateFunctionNode.is(item.selection.node)))
    return [countRow(query, rows)]
  return rows.map((row) => {
    const result: Row = {}
    for (const { selection } of selections) {
      if (SelectAllNode.is(selection) || (ReferenceNode.is(selection) && SelectAllNode.is(selection.column))) Object.assign(result, row)
      else if (AliasNode.is(selection)) result[nameOf(selection.alias)] = row[columnOf(selection.node)] ?? null
      else result[columnOf(selection)] = row[columnOf(selection)] ?? null
    }
    return structuredClone(result)
  })
}

function countRow(query: SelectQueryNode, rows: Row[]): Row {
  return Object.fromEntries(
    (query.selections ?? []).map(({ selection }) => {
      if (AliasNode.is(selection) && AggregateFunctionNode.is(selection.node) && selection.node.func === 'count')
        return [nameOf(selection.alias), rows.length]
      throw unknownNode(selection)
    }),
  )
}

function holds(where: WhereNode | undefined, row: Row): boolean {
  return where === undefined || test(where.where, row)
}

function test(node: OperationNode, row: Row): boolean {
  if (AndNode.is(node)) return test(node.left, row) && test(node.right, row)
  if (OrNode.is(node)) return test(node.left, row) || test(node.right, row)
  if (ParensNode.is(node)) return test(node.node, row)
  if (!BinaryOperationNode.is(node) || !OperatorNode.is(node.operator)) throw unknownNode(node)
  const left = row[columnOf(node.leftOperand)] ?? null
  const right = ReferenceNode.is(node.rightOperand) ? row[columnOf(node.rightOperand)] : valueOf(node.rightOperand)
  switch (node.operator.operator) {
    case '=':
      return left !== null && compare(left, right) === 0
    case '!=':
    case '<>':
      return left !== null && compare(left, right) !== 0
    case '<':
      return left !== null && compare(left, right) < 0
    case '<=':
      return left !== null && compare(left, right) <= 0
    case '>':
      return left !== null && compare(left, right) > 0
    case '>=':
      return left !== null && compare(left, right) >= 0
    case 'in':
      return Array.isArray(right) && right.some((value) => compare(left, value) === 0)
    case 'not in':
      return Array.isArray(right) && !right.some((value) => compare(left, value) === 0)
    case 'is':
      return left === (right ?? null)
    case 'is not':
      return left !== (right ?? null)
    default:
      throw unknownNode(node.operator)
  }
}

function compare(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a instanceof Date ? a.toISOString() : a) < String(b instanceof Date ? b.toISOString() : b)
    ? -1
    : String(a) === String(b)
      ? 0
      : 1
}

function valueOf(node: OperationNode): unknown {
  if (ValueNode.is(node)) return node.value
  if (PrimitiveValueListNode.is(node)) return node.values
  if (ValueListNode.is(node)) return node.values.map(valueOf)
  throw unknownNode(node)
}

function columnOf(node: OperationNode): string {
  if (ColumnNode.is(node)) return node.column.name
  if (ReferenceNode.is(node)) return columnOf(node.column)
  throw unknownNode(node)
}

function nameOf(node: OperationNode): string {
  if (IdentifierNode.is(node)) return node.name
  throw unknownNode(node)
}

function tableOf(node: OperationNode | undefined): string {
  if (node !== undefined && TableNode.is(node)) return node.table.identifier.name
  if (node !== undefined && AliasNode.is(node)) return tableOf(node.node)
  throw new Defect('The in-memory tables read one table at a time.')
}

function unknownNode(node: OperationNode): Defect {
  return new Defect(`The in-memory tables of the test kit do not know ${node.kind}; test this query in a story on the real database.`)
}
