import { isWeightEdge } from '../lineage/edge-kinds.ts'
import { groupBy } from '../lineage/group-by.ts'
import type { PathEdge } from '../lineage/weight-path.ts'

/** A parent from which weights passed, with its share in a merge. */
export interface WeightParent<Id> {
  id: Id
  /** Null: an equal share. */
  weight: number | null
}

export type NodeId = string | number

/** Stages or checkpoints joined by weight edges alone. */
export interface WeightGraph<Id extends NodeId> {
  nodes: readonly Id[]
  parentsOf(node: Id): readonly WeightParent<Id>[]
  /** The parent that a path follows: the largest weight, of equal ones the smaller id; null at a root. */
  principal(node: Id): Id | null
  /** Principal parents from the nearest to the root. */
  path(node: Id): readonly Id[]
  /** All from which weights passed to the node, over every way. */
  ancestors(node: Id): ReadonlySet<Id>
  /** Common ancestors of the nodes (a node counts as its own) that are not ancestors of another common one. */
  lowestCommonAncestors(nodes: readonly Id[]): readonly Id[]
}

/**
 * Joins nodes by their weight parents.
 *
 * @param parents by node; a node without an entry is a root
 * @throws RangeError on a parent that is no node, a parent named twice, and a cycle; the message names it
 */
export function weightGraph<Id extends NodeId>(
  nodes: readonly Id[],
  parents: ReadonlyMap<Id, readonly WeightParent<Id>[]>,
): WeightGraph<Id> {
  const known = new Set(nodes)
  for (const [child, list] of parents) {
    if (!known.has(child)) throw new RangeError(`"${child}" has parents but is no node`)
    for (const { id } of list) if (!known.has(id)) throw new RangeError(`"${id}", a parent of "${child}", is no node`)
    if (new Set(list.map(({ id }) => id)).size < list.length) throw new RangeError(`"${child}" names a parent twice`)
  }
  const ancestorsOf = closure(nodes, parents)
  const parentsOf = (node: Id) => parents.get(node) ?? []
  const principal = (node: Id) =>
    parentsOf(node).reduce<WeightParent<Id> | null>((best, p) => (!best || isBefore(p, best) ? p : best), null)?.id ??
    null
  const ancestors = (node: Id) => ancestorsOf.get(node) ?? new Set<Id>()
  return {
    nodes,
    parentsOf,
    principal,
    ancestors,
    path(node) {
      const path: Id[] = []
      for (let at = principal(node); at !== null; at = principal(at)) path.push(at)
      return path
    },
    lowestCommonAncestors(of) {
      const [first, ...others] = of.map((node) => new Set([...ancestors(node), node]))
      const common = [...(first ?? [])].filter((id) => others.every((set) => set.has(id)))
      return common.filter((id) => !common.some((other) => ancestors(other).has(id))).sort(byId)
    },
  }
}

/** Parents by child along the weight edges among `edges`; two weight edges from one parent count as one, the heavier. */
export function weightParents(edges: readonly PathEdge[]): Map<number, WeightParent<number>[]> {
  const weights = edges.filter((edge) => isWeightEdge(edge.kind))
  return new Map(
    [...groupBy(weights, (edge) => edge.child)].map(([child, list]) => [
      child,
      [...groupBy(list, (edge) => edge.parent)].map(([id, same]) => ({
        id,
        weight: same.reduce<number | null>(
          (most, { weight }) => (weight === null ? most : Math.max(most ?? 0, weight)),
          null,
        ),
      })),
    ]),
  )
}

const byId = <Id extends NodeId>(a: Id, b: Id): number => (a < b ? -1 : a > b ? 1 : 0)

function isBefore<Id extends NodeId>(a: WeightParent<Id>, b: WeightParent<Id>): boolean {
  const [wa, wb] = [a.weight ?? 1, b.weight ?? 1]
  return wa !== wb ? wa > wb : a.id < b.id
}

/** Ancestors of every node. Each node is entered once its parents are done, without recursion: chains may be long. */
function closure<Id extends NodeId>(
  nodes: readonly Id[],
  parents: ReadonlyMap<Id, readonly WeightParent<Id>[]>,
): Map<Id, Set<Id>> {
  const done = new Map<Id, Set<Id>>()
  for (const start of nodes) {
    const open = [start]
    const waiting = new Set<Id>()
    for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
      const missing = (parents.get(at) ?? []).filter(({ id }) => !done.has(id))
      if (done.has(at) || missing.length === 0) {
        const own = done.get(at) ?? new Set<Id>()
        for (const { id } of parents.get(at) ?? []) {
          own.add(id)
          for (const above of done.get(id) ?? []) own.add(above)
        }
        done.set(at, own)
        waiting.delete(at)
        open.pop()
        continue
      }
      waiting.add(at)
      for (const { id } of missing) {
        if (waiting.has(id)) throw new RangeError(`"${id}" descends from itself`)
        open.push(id)
      }
    }
  }
  return done
}
