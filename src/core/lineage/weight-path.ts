import { type EdgeKind, isWeightEdge } from './edge-kinds.ts'
import { groupBy } from './group-by.ts'

/** An edge as paths need it. */
export interface PathEdge {
  child: number
  parent: number
  kind: EdgeKind
  weight: number | null
}

/** The weight parent that a path follows: of a merge the input with the largest weight (tie: the smaller id); null at a root. */
export function principalEdge<E extends PathEdge>(edges: readonly E[], child: number): E | null {
  return edges
    .filter((edge) => edge.child === child && isWeightEdge(edge.kind))
    .reduce<E | null>((best, edge) => (!best || isBefore(edge, best) ? edge : best), null)
}

/** Edges by their child, so that a walk up a long lineage looks at each once; those of one child in the order given. */
export const edgesByChild = <E extends PathEdge>(edges: readonly E[]): ReadonlyMap<number, readonly E[]> =>
  groupBy(edges, (edge) => edge.child)

/** Ids from the child's principal parent up to its root; empty for a root. A cycle in damaged data ends the path. */
export function ancestorsByWeight(edges: readonly PathEdge[], child: number): number[] {
  const path: number[] = []
  for (let edge = principalEdge(edges, child); edge; edge = principalEdge(edges, edge.parent)) {
    if (path.includes(edge.parent) || edge.parent === child) return path
    path.push(edge.parent)
  }
  return path
}

/** All experiments from which weights pass to `child`, over every way, nearest first. */
export function allWeightAncestors(edges: readonly PathEdge[], child: number): Set<number> {
  const found = new Set<number>()
  const open = [child]
  for (let at = open.shift(); at !== undefined; at = open.shift())
    for (const edge of edges)
      if (edge.child === at && isWeightEdge(edge.kind) && !found.has(edge.parent)) {
        found.add(edge.parent)
        open.push(edge.parent)
      }
  return found
}

function isBefore(a: PathEdge, b: PathEdge): boolean {
  const [wa, wb] = [a.weight ?? 1, b.weight ?? 1]
  return wa !== wb ? wa > wb : a.parent < b.parent
}
