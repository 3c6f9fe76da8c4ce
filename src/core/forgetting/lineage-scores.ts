/** Steps, forgetting and merges of scores along the weight edges of a lineage. */
import { type NodeId, type WeightGraph, type WeightParent, weightGraph } from './weight-graph.ts'

export interface LineageInput<Id extends NodeId, Benchmark> {
  /** Utilities (orientation × score, higher is better) by node and benchmark; an absent cell is missing. */
  utilities: ReadonlyMap<Id, ReadonlyMap<Benchmark, number>>
  parents: ReadonlyMap<Id, readonly WeightParent<Id>[]>
  /** Where a benchmark counts from; absent: from the root. */
  introducedAt?: ReadonlyMap<Benchmark, Id>
}

export interface Step<Id> {
  /** Change of utility: negative is worse. */
  delta: number
  vs: Id
  /** 1: against the parent; more: a parent was not measured, and the change is not that of one stage. */
  stagesBack: number
}

export interface MergeScores<Id> {
  /** Against the best of the inputs that were measured. */
  vsBestInput: number | null
  /** Against Σ w·u over the inputs; null when one was not measured. */
  vsWeightedMean: number | null
  /** The lowest common ancestor, of several the one with the best utility; null when none of several was measured. */
  lca: Id | null
  vsLca: number | null
}

export interface LineageScores<Id, Benchmark> {
  /** Of every node with parents. */
  step: Map<Id, Map<Benchmark, Step<Id> | null>>
  /** Best weight ancestor since the introduction minus own utility: positive is lost, negative gained. */
  forgetting: Map<Id, Map<Benchmark, number | null>>
  /** Of nodes with several parents. */
  merge: Map<Id, Map<Benchmark, MergeScores<Id>>>
}

/**
 * What every stage did to every benchmark, on a graph with forks and merges.
 *
 *   step     u[v] − u[principal parent], or the nearest principal ancestor that has a cell
 *   F[v, b]  max over weight ancestors a that are the introduction or descend from it of u[a, b], minus u[v, b]; not clipped
 *
 * A fork's children are each compared with their shared parent, siblings never with one another. Missing cells give null.
 *
 * Source   F: arXiv 1801.10112 with the chain replaced by the weight ancestors of a graph.
 * @throws RangeError on a parent that is no node, on a cycle, and on an introduction that is no node
 */
export function lineageScores<Id extends NodeId, Benchmark>(
  input: LineageInput<Id, Benchmark>,
): LineageScores<Id, Benchmark> {
  const { utilities, introducedAt } = input
  const graph = weightGraph([...utilities.keys()], input.parents)
  for (const node of introducedAt?.values() ?? [])
    if (!utilities.has(node)) throw new RangeError(`the introduction "${node}" is no node`)
  const benchmarks = [...new Set([...utilities.values()].flatMap((cells) => [...cells.keys()]))]
  const children = graph.nodes.filter((node) => graph.parentsOf(node).length > 0)
  const forEach = <Answer>(nodes: readonly Id[], ask: (node: Id, benchmark: Benchmark) => Answer) =>
    new Map(nodes.map((node) => [node, new Map(benchmarks.map((benchmark) => [benchmark, ask(node, benchmark)]))]))
  const at = (node: Id, benchmark: Benchmark): number | null => utilities.get(node)?.get(benchmark) ?? null
  return {
    step: forEach(children, (node, benchmark) => stepOf(graph, node, (id) => at(id, benchmark))),
    forgetting: forEach(children, (node, benchmark) =>
      forgettingOf(graph, node, introducedAt?.get(benchmark) ?? null, (id) => at(id, benchmark)),
    ),
    merge: forEach(
      children.filter((node) => graph.parentsOf(node).length > 1),
      (node, benchmark) => mergeScores(graph, node, (id) => at(id, benchmark)),
    ),
  }
}

/** The step of one benchmark at one node; null when it or all its principal ancestors are missing. */
export function stepOf<Id extends NodeId>(
  graph: WeightGraph<Id>,
  node: Id,
  utility: (id: Id) => number | null,
): Step<Id> | null {
  const own = utility(node)
  if (own === null) return null
  for (const [i, vs] of graph.path(node).entries()) {
    const before = utility(vs)
    if (before !== null) return { delta: own - before, vs, stagesBack: i + 1 }
  }
  return null
}

/** The weight ancestors of a node that are a benchmark's introduction or descend from it; all of them without one. */
export const ancestorsSince = <Id extends NodeId>(graph: WeightGraph<Id>, node: Id, introduction: Id | null): Id[] =>
  [...graph.ancestors(node)].filter(
    (id) => introduction === null || id === introduction || graph.ancestors(id).has(introduction),
  )

function forgettingOf<Id extends NodeId>(
  graph: WeightGraph<Id>,
  node: Id,
  introduction: Id | null,
  utility: (id: Id) => number | null,
): number | null {
  const own = utility(node)
  const earlier = ancestorsSince(graph, node, introduction).flatMap((id) => utility(id) ?? [])
  return own === null || earlier.length === 0 ? null : Math.max(...earlier) - own
}

/** What a merge made of its inputs, for one benchmark. */
export function mergeScores<Id extends NodeId>(
  graph: WeightGraph<Id>,
  node: Id,
  utility: (id: Id) => number | null,
): MergeScores<Id> {
  const own = utility(node)
  const inputs = graph.parentsOf(node).map(({ id, weight }) => ({ id, weight: weight ?? 1, value: utility(id) }))
  const measured = inputs.flatMap(({ value }) => (value === null ? [] : [value]))
  const weights = inputs.reduce((sum, { weight }) => sum + weight, 0)
  const common = graph.lowestCommonAncestors(inputs.map(({ id }) => id))
  const [only] = common
  const best = common.reduce<{ id: Id; value: number } | null>((found, id) => {
    const value = utility(id)
    return value !== null && (!found || value > found.value) ? { id, value } : found
  }, null)
  const lca = best?.id ?? (common.length === 1 ? (only ?? null) : null)
  if (own === null) return { vsBestInput: null, vsWeightedMean: null, lca, vsLca: null }
  return {
    vsBestInput: measured.length === 0 ? null : own - Math.max(...measured),
    vsWeightedMean:
      measured.length < inputs.length || weights === 0
        ? null
        : own - inputs.reduce((sum, { weight, value }) => sum + (weight / weights) * (value ?? 0), 0),
    lca,
    vsLca: best ? own - best.value : null,
  }
}
