/**
 * Safety benchmarks and their over-refusal twins: a model that refuses everything is safe and useless, so the two are read together.
 *
 * @returns the same members in their order, but each twin directly behind the benchmark that names it. Where two name each other the
 *   first leads; a twin that several name stands behind the first of them
 */
export function besideTwins<T>(members: readonly T[], of: (member: T) => { slug: string; twin: string | null }): T[] {
  const bySlug = new Map<string, T[]>()
  for (const member of members) {
    const { slug } = of(member)
    bySlug.set(slug, [...(bySlug.get(slug) ?? []), member])
  }
  const claimed = new Map<string, string>()
  const leaders = new Set<string>()
  for (const member of members) {
    const { slug, twin } = of(member)
    // A twin is led by one; what leads another is not led itself.
    if (twin === null || twin === slug || !bySlug.has(twin)) continue
    if (claimed.has(twin) || claimed.has(slug) || leaders.has(twin)) continue
    claimed.set(twin, slug)
    leaders.add(slug)
  }
  const ledBy = new Map([...claimed].map(([twin, slug]) => [slug, twin]))
  const placed = new Set<T>()
  return members.flatMap((member) => {
    const { slug } = of(member)
    if (claimed.has(slug) || placed.has(member)) return []
    const led = bySlug.get(ledBy.get(slug) ?? '') ?? []
    const own = bySlug.get(slug) ?? []
    const block = [...own, ...led]
    for (const one of block) placed.add(one)
    return block
  })
}
