/** A part of a benchmark's items: those with one value of one label, such as a language, a topic, or whether they were seen. */
export interface Slice {
  key: string
  value: string
  /** Ids of its items. */
  ids: ReadonlySet<string>
}

/** A label with more values than this is a description, not a slice. */
const VALUES_MAX = 12

/**
 * The slices of items by their labels, in order of label and value. A label counts when it has two values or more, and gives each
 * item the same one wherever that was answered: what differs from answer to answer is an outcome.
 *
 * @param answered labels of the same items, once for each evaluation of them
 */
export function slicesOf(
  answered: readonly (readonly { id: string; tags: Readonly<Record<string, string>> }[])[],
): Slice[] {
  const labels = new Map<string, Map<string, string>>()
  const outcomes = new Set<string>()
  for (const items of answered)
    for (const { id, tags } of items)
      for (const [key, value] of Object.entries(tags)) {
        const values = labels.get(key) ?? new Map<string, string>()
        labels.set(key, values)
        const known = values.get(id)
        if (known !== undefined && known !== value) outcomes.add(key)
        values.set(id, value)
      }
  return [...labels.entries()]
    .filter(([key]) => !outcomes.has(key))
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .flatMap(([key, values]) => {
      const parts = new Map<string, Set<string>>()
      for (const [id, value] of values) parts.set(value, (parts.get(value) ?? new Set()).add(id))
      if (parts.size < 2 || parts.size > VALUES_MAX) return []
      return [...parts]
        .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
        .map(([value, ids]) => ({ key, value, ids }))
    })
}
