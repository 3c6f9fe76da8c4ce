import type { PublishedTable } from './table.ts'

export type TableDifference =
  | { kind: 'cell'; row: string; column: string; pasted: string; here: string }
  | { kind: 'only_pasted' | 'only_here'; what: 'row' | 'column'; name: string }

/**
 * Where a pasted table says something else than the one here, cell by cell in its order: rows and columns are found by their names,
 * blanks around them and the kind of minus aside. Empty: both say the same.
 */
export function tableDifferences(pasted: PublishedTable, here: PublishedTable): TableDifference[] {
  const [own, other] = [indexOf(here), indexOf(pasted)]
  const differences: TableDifference[] = []
  const missing = (what: 'row' | 'column', a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) => {
    for (const name of a.keys()) if (!b.has(name)) differences.push({ kind: 'only_pasted', what, name })
    for (const name of b.keys()) if (!a.has(name)) differences.push({ kind: 'only_here', what, name })
  }
  missing('column', other.columns, own.columns)
  missing('row', other.rows, own.rows)
  for (const [row, i] of other.rows)
    for (const [column, k] of other.columns) {
      const [r, c] = [own.rows.get(row), own.columns.get(column)]
      if (r === undefined || c === undefined) continue
      const [then, now] = [pasted.rows[i]?.[k + 1]?.text ?? '', here.rows[r]?.[c + 1]?.text ?? '']
      if (plain(then) !== plain(now)) differences.push({ kind: 'cell', row, column, pasted: then, here: now })
    }
  return differences
}

/** Places of rows, and of columns after the first, by name; of a name that comes twice the second is numbered, so that both are compared. */
function indexOf({ columns, rows }: PublishedTable) {
  const places = (names: readonly string[]) => {
    const map = new Map<string, number>()
    for (const [i, name] of names.entries()) {
      let key = plain(name)
      for (let n = 2; map.has(key); n++) key = `${plain(name)} (${n})`
      map.set(key, i)
    }
    return map
  }
  return {
    columns: places(columns.slice(1).map(({ name }) => name)),
    rows: places(rows.map((row) => row[0]?.text ?? '')),
  }
}

const plain = (text: string): string => text.replaceAll('−', '-').replace(/\s+/g, ' ').trim()
