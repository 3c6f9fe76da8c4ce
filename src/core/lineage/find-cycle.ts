/**
 * The way from `parent` up to `child` along existing edges: with an edge parent → child it would close a cycle. From `child` to
 * `parent` in the order of descent; null when there is none.
 *
 * @param edges child and parent ids of live edges
 */
export function cyclePath(
  edges: readonly { child: number; parent: number }[],
  child: number,
  parent: number,
): number[] | null {
  const parentsOf = new Map<number, number[]>()
  for (const edge of edges) {
    const known = parentsOf.get(edge.child)
    if (known) known.push(edge.parent)
    else parentsOf.set(edge.child, [edge.parent])
  }
  const cameFrom = new Map<number, number | null>([[parent, null]])
  for (const at of cameFrom.keys()) {
    if (at === child) return wayBack(cameFrom, at)
    for (const next of parentsOf.get(at) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, at)
  }
  return null
}

function wayBack(cameFrom: ReadonlyMap<number, number | null>, end: number): number[] {
  const path: number[] = []
  for (let at: number | null = end; at !== null; at = cameFrom.get(at) ?? null) path.push(at)
  return path
}
