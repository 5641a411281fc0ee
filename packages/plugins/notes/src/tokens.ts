/** A number of a text with what it counts: `4/10` is `of10`, `110°` is `deg`, a date is one token. */
export interface Token {
  readonly value: string
  readonly unit: string
}

const NUMBER = '[-−]?\\d+(?:\\.\\d+)?'
const PATTERNS: readonly { readonly find: string; read(groups: readonly string[]): Token[] }[] = [
  { find: '(\\d{2}/\\d{2}/\\d{4})', read: ([date = '']) => [{ value: date, unit: 'date' }] },
  { find: '(\\d+)\\s*×\\s*(\\d+)', read: ([sets = '', reps = '']) => [token(sets, 'sets'), token(reps, 'reps')] },
  { find: `(${NUMBER})\\s?/\\s?(10|5|80)(?![\\d/])`, read: ([value = '', of = '']) => [token(value, `of${of}`)] },
  { find: `(${NUMBER})\\s?°`, read: ([value = '']) => [token(value, 'deg')] },
  {
    find: `(${NUMBER})[\\s-]?(min|minutes?|m/s|s|sec|seconds?|lbs?|kg|cm|ft|%|years?|weeks?|days?|(?:completed )?visits?|points?|sets?|reps?)(?![A-Za-z])`,
    read: ([value = '', unit = '']) => [token(value, toUnit(unit))],
  },
  { find: `(${NUMBER})`, read: ([value = '']) => [token(value, '')] },
]
const ALL = new RegExp(PATTERNS.map((pattern) => pattern.find).join('|'), 'g')
const GROUPS = PATTERNS.map((pattern) => (pattern.find.match(/\((?!\?)/g) ?? []).length)

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
const NUMBER_WORD = new RegExp(`\\b(${WORDS.slice(2).join('|')}|twice)\\b`, 'gi')

/** All numbers of a text in order; number words from two to twelve count ("one" is mostly a pronoun). */
export function tokenize(text: string): Token[] {
  const digits = text.replace(NUMBER_WORD, (word) => (word.toLowerCase() === 'twice' ? '2' : String(WORDS.indexOf(word.toLowerCase()))))
  return [...digits.matchAll(ALL)].flatMap((match) => {
    let at = 1
    for (const [index, pattern] of PATTERNS.entries()) {
      const groups = match.slice(at, at + (GROUPS[index] ?? 0))
      if (groups.some((group) => group !== undefined)) return pattern.read(groups)
      at += GROUPS[index] ?? 0
    }
    return []
  })
}

export function token(value: string | number, unit: string): Token {
  return { value: String(Number(String(value).replace('−', '-'))), unit }
}

function toUnit(word: string): string {
  if (word === '%' || word === 'm/s' || word === 's') return word
  if (word.startsWith('sec')) return 's'
  if (word.startsWith('min')) return 'min'
  if (word.startsWith('completed ')) return 'visits'
  if (['kg', 'cm', 'ft'].includes(word)) return word
  return word.startsWith('lb') ? 'lb' : word.endsWith('s') ? word : `${word}s`
}

/** Items in a row with the same key count as one. */
export function collapse<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.filter((item, index) => index === 0 || key(item) !== key(items[index - 1] ?? item))
}

export function tellToken(item: Token): string {
  return item.unit === '' || item.unit === 'date' ? item.value : `${item.value} ${item.unit}`
}
