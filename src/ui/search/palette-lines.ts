import type { PaletteGroup, PaletteItem } from './palette-items.ts'

const SHOWN = 3

export type PaletteLine =
  | { kind: 'item'; item: PaletteItem }
  /** So many that are not shown yet. */
  | { kind: 'more'; group: string; count: number }

export interface ShownGroup {
  title: string
  /** How many there are: `9`, or `first 20 of 8,286`. */
  count: string
  lines: PaletteLine[]
}

/** At most three lines a group while there are others, and a line for the rest. */
export function shorten({ title, items, found }: PaletteGroup, wide: ReadonlySet<string>, groups: number): ShownGroup {
  const isWide = wide.has(title) || groups === 1
  const lines: PaletteLine[] = (isWide ? items : items.slice(0, SHOWN)).map((item) => ({ kind: 'item', item }))
  if (!isWide && found > lines.length) lines.push({ kind: 'more', group: title, count: found - lines.length })
  const all = found.toLocaleString('en')
  return { title, count: isWide && items.length < found ? `first ${items.length} of ${all}` : all, lines }
}
