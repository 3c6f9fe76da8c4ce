import { type ConfigRow, leafWords } from '#src/core/comparisons/config-rows.ts'

/** A line of a nested config: the head of a group, or a key with its values. */
export type ConfigLine =
  | { kind: 'group'; id: string; name: string; depth: number; keys: number }
  | { kind: 'key'; id: string; name: string; depth: number; cells: ConfigRow['cells']; differs: boolean }

export interface ConfigLook {
  onlyDifferences: boolean
  /** Part of a key (`optimizer.lr`) or of a value; empty: everything. */
  word: string
  /** Ids of groups whose lines are folded away. */
  closed: ReadonlySet<string>
}

/** Lines of a config in its order: groups with heads where all keys stand, full names where only some do. */
export function configLines(rows: readonly ConfigRow[], look: ConfigLook): ConfigLine[] {
  const word = look.word.trim().toLowerCase()
  const shown = rows.filter((row) => (!look.onlyDifferences || row.differs) && (word === '' || hasWord(row, word)))
  if (look.onlyDifferences || word !== '')
    return shown.map((row) => ({ kind: 'key', id: idOf(row.path), name: idOf(row.path), depth: 0, ...valuesOf(row) }))
  const counts = new Map<string, number>()
  for (const row of shown)
    for (let i = 1; i < row.path.length; i++) {
      const group = idOf(row.path.slice(0, i))
      counts.set(group, (counts.get(group) ?? 0) + 1)
    }
  const lines: ConfigLine[] = []
  let open: readonly string[] = []
  for (const row of shown) {
    const groups = row.path.slice(0, -1)
    const isFolded = (depth: number) => look.closed.has(idOf(groups.slice(0, depth)))
    const firstFolded = groups.findIndex((_, i) => isFolded(i + 1))
    const heads = firstFolded < 0 ? groups : groups.slice(0, firstFolded + 1)
    const shared = heads.findIndex((name, i) => open[i] !== name)
    if (shared >= 0)
      for (let i = shared; i < heads.length; i++) {
        const id = idOf(heads.slice(0, i + 1))
        lines.push({ kind: 'group', id, name: heads[i] as string, depth: i, keys: counts.get(id) ?? 0 })
      }
    open = groups
    if (firstFolded < 0)
      lines.push({
        kind: 'key',
        id: idOf(row.path),
        name: row.path.at(-1) ?? '',
        depth: groups.length,
        ...valuesOf(row),
      })
  }
  return lines
}

const idOf = (path: readonly string[]): string => path.join('.')

const valuesOf = ({ cells, differs }: ConfigRow) => ({ cells, differs })

const hasWord = (row: ConfigRow, word: string): boolean =>
  `${idOf(row.path)}\n${row.cells.map((cell) => (cell === null ? '' : leafWords(cell))).join('\n')}`
    .toLowerCase()
    .includes(word)
