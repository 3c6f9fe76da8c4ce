/**
 * Safety benchmarks and their over-refusal twins: a model that refuses everything is safe and useless, so the two are read together.
 */

type Named = { slug: string; twin: string | null }

/**
 * Which members are led: slug of a twin → slug of the member that names it. A twin is led by one, the first that names it; what leads is
 * not led itself, so of two that name each other the first leads.
 */
export function twinLeaders<T>(members: readonly T[], of: (member: T) => Named): Map<string, string> {
  const known = new Set(members.map((member) => of(member).slug))
  const leaderOf = new Map<string, string>()
  const leaders = new Set<string>()
  for (const member of members) {
    const { slug, twin } = of(member)
    if (twin === null || twin === slug || !known.has(twin)) continue
    if (leaderOf.has(twin) || leaderOf.has(slug) || leaders.has(twin)) continue
    leaderOf.set(twin, slug)
    leaders.add(slug)
  }
  return leaderOf
}

/** The same members in their order, but each twin directly behind the one that leads it. */
export function besideTwins<T>(members: readonly T[], of: (member: T) => Named): T[] {
  const leaderOf = twinLeaders(members, of)
  const twinOf = new Map([...leaderOf].map(([twin, leader]) => [leader, twin]))
  const bySlug = new Map<string, T[]>()
  for (const member of members) {
    const { slug } = of(member)
    bySlug.set(slug, [...(bySlug.get(slug) ?? []), member])
  }
  const placed = new Set<string>()
  return members.flatMap((member) => {
    const { slug } = of(member)
    if (leaderOf.has(slug) || placed.has(slug)) return []
    placed.add(slug)
    return [...(bySlug.get(slug) ?? []), ...(bySlug.get(twinOf.get(slug) ?? '') ?? [])]
  })
}
