export type ConfigLeaf = number | string | boolean

/** Characters of a text, and of a path, that a search reads. */
export const LEAF_TEXT_MAX = 500

/**
 * The values of a config as a search sees them, by their path: names from the outside in with dots between. A list is its JSON text as
 * PostgreSQL writes it, null is missing, an object is what is in it. A name with dots in it stands before a path of the same spelling.
 * The database tells the same (`config_leaves`), from the same rule.
 */
export function configLeaves(config: Readonly<Record<string, unknown>>): Map<string, ConfigLeaf> {
  const found = new Map<string, { leaf: ConfigLeaf; depth: number }>()
  const walk = (value: object, before: string, depth: number) => {
    for (const [name, inner] of Object.entries(value)) {
      const path = before + name
      if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
        walk(inner, `${path}.`, depth + 1)
        continue
      }
      const leaf = leafOf(inner)
      const known = found.get(path)
      const { length } = [...path]
      if (leaf !== null && length > 0 && length <= LEAF_TEXT_MAX && (!known || depth < known.depth))
        found.set(path, { leaf, depth })
    }
  }
  walk(config, '', 0)
  return new Map([...found].map(([path, { leaf }]) => [path, leaf]))
}

function leafOf(value: unknown): ConfigLeaf | null {
  if (typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'string') return first(value)
  return Array.isArray(value) ? first(listText(value)) : null
}

const first = (text: string): string => [...text].slice(0, LEAF_TEXT_MAX).join('')

const listText = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(listText).join(', ')}]`
    : typeof value === 'object' && value !== null
      ? `{${Object.entries(value)
          .map(([name, inner]) => `${JSON.stringify(name)}: ${listText(inner)}`)
          .join(', ')}}`
      : JSON.stringify(value)
