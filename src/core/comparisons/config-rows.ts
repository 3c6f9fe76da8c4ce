/** Configs side by side, key by key. Pure: nested values in, rows out. */

/** A value of a config that is no group of others, as JSON: 1 is not "1". Null: this config has no such key. */
export type Leaf = string | null

export interface ConfigRow {
  /** Names from the outermost group to the key itself. */
  path: readonly string[]
  /** Parallel to the configs. */
  cells: readonly Leaf[]
  /** False: all configs that exist say the same. */
  differs: boolean
}

/** Deeper groups than this are one value. */
const DEPTH_MAX = 12

/**
 * Every key of the configs with its value in each, groups together and in the order in which they first appear.
 *
 * @param configs null: there is none, which is no difference
 */
export function configRows(configs: readonly (Readonly<Record<string, unknown>> | null)[]): ConfigRow[] {
  return rowsBelow([], configs)
}

type Config = Readonly<Record<string, unknown>>

function rowsBelow(above: readonly string[], configs: readonly (Config | null | undefined)[]): ConfigRow[] {
  const names = new Set(configs.flatMap((config) => (config ? Object.keys(config) : [])))
  return [...names].flatMap((name) => {
    const path = [...above, name]
    const held = configs.map((config) => (config && Object.hasOwn(config, name) ? { value: config[name] } : null))
    const groups = held.map((one) => (one && isGroup(one.value) && path.length < DEPTH_MAX ? one.value : null))
    const leaves = held.map((one, i): Leaf => (one === null || groups[i] ? null : leafText(one.value)))
    const row = { path, cells: leaves, differs: new Set(leaves.filter((_, i) => configs[i] !== null)).size > 1 }
    return [
      ...(leaves.some((leaf) => leaf !== null) ? [row] : []),
      ...(groups.some((group) => group !== null) ? rowsBelow(path, groupsOf(configs, groups)) : []),
    ]
  })
}

/** A config without the group has none of its keys, which is a difference; one that is not there at all is none. */
const groupsOf = (configs: readonly (Config | null | undefined)[], groups: readonly (Config | null)[]) =>
  groups.map((group, i) => (configs[i] === null ? null : (group ?? {})))

const isGroup = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0

const leafText = (value: unknown): string => JSON.stringify(value) ?? 'null'

/** A value as a person reads it: text without its quotes. */
export function leafWords(leaf: string): string {
  if (!leaf.startsWith('"')) return leaf
  const text: unknown = JSON.parse(leaf)
  return typeof text === 'string' ? text : leaf
}

/** A longer value, or one of several lines, is a text: its difference is shown word by word. */
const LONG = 60

export const isLong = (leaf: string): boolean => {
  const words = leafWords(leaf)
  return words.length > LONG || words.includes('\n')
}

/** One config of the rows as indented text, two spaces a level, for a difference by lines. */
export function configText(rows: readonly ConfigRow[], at: number): string {
  const lines: string[] = []
  let open: readonly string[] = []
  for (const { path, cells } of rows) {
    const cell = cells[at]
    if (cell == null) continue
    const groups = path.slice(0, -1)
    const shared = groups.findIndex((name, i) => open[i] !== name)
    for (let i = shared < 0 ? groups.length : shared; i < groups.length; i++)
      lines.push(`${'  '.repeat(i)}${groups[i]}:`)
    open = groups
    const indent = '  '.repeat(groups.length)
    const [first = '', ...more] = leafWords(cell).split('\n')
    const name = path.at(-1)
    if (more.length === 0) lines.push(`${indent}${name}: ${first}`)
    else lines.push(`${indent}${name}: |`, ...[first, ...more].map((line) => `${indent}  ${line}`))
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
