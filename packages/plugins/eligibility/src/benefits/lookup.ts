import type { CodeTable } from './codes.data.ts'

/** Own keys only: "constructor" is not a code. */
export function knowsCode(table: Readonly<Record<string, unknown>>, code: string): boolean {
  return Object.hasOwn(table, code)
}

/** Our words for a code, or the code itself in quotes where we have none. */
export function meaningOf(table: CodeTable, code: string): string {
  return knowsCode(table, code) ? (table[code] ?? code) : code === '' ? 'not stated' : `"${code}"`
}
