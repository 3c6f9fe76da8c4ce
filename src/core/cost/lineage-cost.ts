/**
 * What a lineage cost. ancestors*(v) is v and everything that is reached over weight and dependency edges; the cost of v is the sum over
 * that set, each node once, however many ways lead to it. Totals of leaves are never added: their ancestors are shared.
 *
 *   full(v)       Σ over ancestors*(v)
 *   marginal(v)   Σ over the nodes that no other compared leaf uses
 *   allocated(v)  Σ cost(n) / number of compared leaves that use n: the Shapley value of this game; sums to the union to the last digit
 */
import { DEPENDENCY_EDGES, type EdgeKind, isWeightEdge } from '../lineage/edge-kinds.ts'
import { NOTHING, shareTally, sumTallies, type Tally } from './tally.ts'

export interface CostEdge<N> {
  child: N
  parent: N
  kind: EdgeKind
}

export interface LineageCost<N> {
  /** Each by leaf, in the order of `leaves`. */
  full: Map<N, Tally>
  marginal: Map<N, Tally>
  allocated: Map<N, Tally>
  /** Every node that some leaf uses, once. */
  union: Tally
  /** The sum of the full costs: counts shared ancestors again and again, and is shown only to say so. */
  naiveSum: Tally
  /** Of each node that is used: the leaves that use it, in their order. */
  usedBy: Map<N, N[]>
}

/** True for an edge that carries cost: weight edges and dependencies; `tokenizer` and `data` only explain. */
export const carriesCost = (kind: EdgeKind): boolean =>
  isWeightEdge(kind) || (DEPENDENCY_EDGES as readonly EdgeKind[]).includes(kind)

/** A cost graph that was found sound: every edge has known ends, and there is no cycle. */
export interface CostGraph<N> {
  nodes: ReadonlyMap<N, Tally>
  /** Along edges that carry cost; of nodes without parents nothing. */
  parents: ReadonlyMap<N, readonly N[]>
}

/**
 * The graph over which costs are added up, checked once for any number of leaves.
 *
 * @param nodes what each node itself cost, without its ancestors
 * @throws RangeError for an edge of an unknown node, or a cycle; the message names them
 */
export function costGraph<N extends string | number>(
  nodes: ReadonlyMap<N, Tally>,
  edges: readonly CostEdge<N>[],
): CostGraph<N> {
  const parents = new Map<N, N[]>()
  for (const { child, parent, kind } of edges) {
    for (const node of [child, parent])
      if (!nodes.has(node)) throw new RangeError(`the edge from ${parent} to ${child} names an unknown node: ${node}`)
    if (carriesCost(kind)) listed(parents, child).push(parent)
  }
  refuseCycle(nodes, parents)
  return { nodes, parents }
}

/**
 * A leaf and all its ancestors, each once.
 *
 * @throws RangeError for an unknown leaf
 */
export function usedNodes<N extends string | number>({ nodes, parents }: CostGraph<N>, leaf: N): Set<N> {
  if (!nodes.has(leaf)) throw new RangeError(`unknown leaf ${leaf}`)
  const found = new Set([leaf])
  for (const node of found) for (const parent of parents.get(node) ?? []) found.add(parent)
  return found
}

/**
 * The cost of some leaves in the three views.
 *
 * @param leaves nodes to compare, each once; with one all views agree
 * @throws RangeError as `costGraph` and `usedNodes`, and for a leaf named twice
 */
export function lineageCost<N extends string | number>(
  nodes: ReadonlyMap<N, Tally>,
  edges: readonly CostEdge<N>[],
  leaves: readonly N[],
): LineageCost<N> {
  const graph = costGraph(nodes, edges)
  if (new Set(leaves).size !== leaves.length) throw new RangeError(`each leaf is named once, got ${leaves.join(', ')}`)
  const usedBy = new Map<N, N[]>()
  for (const leaf of leaves) for (const node of usedNodes(graph, leaf)) listed(usedBy, node).push(leaf)
  const costOf = (node: N) => nodes.get(node) ?? NOTHING
  const parts = new Map(leaves.map((leaf) => [leaf, { full: [], marginal: [], allocated: [] } as Parts]))
  for (const [node, users] of usedBy) {
    const shares = shareTally(costOf(node), users.length)
    users.forEach((leaf, i) => {
      const part = parts.get(leaf) as Parts
      part.full.push(costOf(node))
      if (users.length === 1) part.marginal.push(costOf(node))
      part.allocated.push(shares[i] as Tally)
    })
  }
  const view = (name: keyof Parts) =>
    new Map(leaves.map((leaf) => [leaf, sumTallies((parts.get(leaf) as Parts)[name])]))
  const full = view('full')
  return {
    full,
    marginal: view('marginal'),
    allocated: view('allocated'),
    union: sumTallies([...usedBy.keys()].map(costOf)),
    naiveSum: sumTallies(full.values()),
    usedBy,
  }
}

interface Parts {
  full: Tally[]
  marginal: Tally[]
  allocated: Tally[]
}

/** The list of a key, made when it is first asked for. */
function listed<N>(lists: Map<N, N[]>, key: N): N[] {
  const known = lists.get(key)
  if (known) return known
  const made: N[] = []
  lists.set(key, made)
  return made
}

/** Takes away nodes whose parents are all gone; what is left over lies on a cycle or below one. */
function refuseCycle<N>(nodes: ReadonlyMap<N, Tally>, parents: ReadonlyMap<N, readonly N[]>): void {
  const waiting = new Map([...nodes.keys()].map((node) => [node, parents.get(node)?.length ?? 0]))
  const children = new Map<N, N[]>()
  for (const [child, of] of parents) for (const parent of of) listed(children, parent).push(child)
  const free = [...waiting].filter(([, left]) => left === 0).map(([node]) => node)
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    waiting.delete(node)
    for (const child of children.get(node) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1
      waiting.set(child, left)
      if (left === 0) free.push(child)
    }
  }
  if (waiting.size > 0)
    throw new RangeError(`the edges form a cycle through ${[...waiting.keys()].slice(0, 8).join(', ')}`)
}
