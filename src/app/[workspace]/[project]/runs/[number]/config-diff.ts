/** One key of a config, dotted, and its value before (the parent's) and after (this run's) as text; null where it is absent. */
export interface ConfigRow {
  key: string
  before: string | null
  after: string | null
  differs: boolean
}

/** Nested objects become dotted keys; arrays and plain values are text. */
function flatten(value: unknown, prefix: string, into: Map<string, string>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, prefix === '' ? key : `${prefix}.${key}`, into)
    return
  }
  into.set(prefix, typeof value === 'string' ? value : JSON.stringify(value))
}

/**
 * All keys of both configs: those that differ first, each part in the order of the alphabet. Without a parent (`before` null) nothing
 * differs.
 */
export function configDiff(
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>>,
): ConfigRow[] {
  const [old, now] = [new Map<string, string>(), new Map<string, string>()]
  if (before !== null && Object.keys(before).length > 0) flatten(before, '', old)
  if (Object.keys(after).length > 0) flatten(after, '', now)
  return [...new Set([...now.keys(), ...old.keys()])]
    .sort((a, b) => a.localeCompare(b, 'en'))
    .map((key) => {
      const [was, is] = [old.get(key) ?? null, now.get(key) ?? null]
      return { key, before: was, after: is, differs: before !== null && was !== is }
    })
    .sort((a, b) => Number(b.differs) - Number(a.differs))
}
