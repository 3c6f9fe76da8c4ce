import { readStageKind } from '../experiments/stage-kinds.ts'
import { type EdgeKind, isWeightEdge } from '../lineage/edge-kinds.ts'
import { nearest } from '../search/nearest.ts'

/** What the plan needs to know of one experiment of a pipeline. */
export interface PlannedNode {
  stage: string
  root?: unknown
  parents: readonly { experiment: number | string; project?: string | undefined; kind: EdgeKind }[]
  mixture: readonly { share: number }[]
  recipe?: string | undefined
}

export interface PlanProblem {
  /** Where in the file: keys from the top, such as ['experiments', 'sft', 'parents', 0, 'experiment']. */
  path: readonly (string | number)[]
  message: string
}

export type PlanAnswer =
  | { kind: 'order'; order: readonly string[] }
  | { kind: 'problems'; problems: readonly PlanProblem[] }

/** True for a parent that another experiment of the same file is. */
export const isInside = (parent: {
  experiment: number | string
  project?: string | undefined
}): parent is { experiment: string } => typeof parent.experiment === 'string' && parent.project === undefined

/**
 * The order in which the experiments of a pipeline can be planned (parents first, otherwise as written), or all that is
 * wrong with it: unknown stages and parents with the nearest name, missing roots, mixtures that are not whole, cycles.
 *
 * `existing`: slugs that the project has already; a parent may be one of them.
 */
export function planPipeline(
  nodes: Readonly<Record<string, PlannedNode>>,
  existing: readonly string[] = [],
): PlanAnswer {
  const problems: PlanProblem[] = []
  const keys = Object.keys(nodes)
  for (const [key, node] of Object.entries(nodes)) problems.push(...problemsOf(key, node, keys, existing))
  const { order, cycle } = topological(nodes)
  if (cycle)
    problems.push({
      path: ['experiments', cycle[0] ?? '', 'parents'],
      message: `The parents form a cycle: ${cycle.join(' ← ')}.`,
    })
  return problems.length ? { kind: 'problems', problems } : { kind: 'order', order }
}

function problemsOf(
  key: string,
  node: PlannedNode,
  keys: readonly string[],
  existing: readonly string[],
): PlanProblem[] {
  const at = ['experiments', key] as const
  const problems: PlanProblem[] = []
  const stage = readStageKind(node.stage)
  if (stage.kind === 'unknown') {
    const near = nearest(node.stage, stage.known)
    problems.push({
      path: [...at, 'stage'],
      message: `"${node.stage}" is no stage kind${near ? `; did you mean "${near}"?` : ''} Known: ${stage.known.join(', ')}.`,
    })
  }
  for (const [i, parent] of node.parents.entries()) {
    if (!isInside(parent) || keys.includes(parent.experiment) || existing.includes(parent.experiment)) continue
    const near = nearest(parent.experiment, [...keys, ...existing])
    problems.push({
      path: [...at, 'parents', i, 'experiment'],
      message: `There is no experiment "${parent.experiment}" in this file or its project${near ? `; did you mean "${near}"?` : '.'}`,
    })
  }
  const hasWeightParent = node.parents.some((p) => isWeightEdge(p.kind))
  if (!node.root && !hasWeightParent)
    problems.push({
      path: [...at],
      message: `"${key}" needs a weight parent (init, adapter_on or merge), or a root: random_init, external_base or api_model.`,
    })
  if (node.mixture.length > 0) {
    const total = node.mixture.reduce((sum, m) => sum + m.share, 0)
    if (Math.abs(total - 1) > 0.001)
      problems.push({
        path: [...at, 'mixture'],
        message: `The shares of "${key}" sum to ${total.toFixed(4)}; they must sum to 1 ± 0.001.`,
      })
  }
  return problems
}

function topological(nodes: Readonly<Record<string, PlannedNode>>): { order: string[]; cycle: string[] | null } {
  const order: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const trail: string[] = []
  const visit = (key: string): string[] | null => {
    if (state.get(key) === 'done') return null
    if (state.get(key) === 'open') return [...trail.slice(trail.indexOf(key)), key]
    state.set(key, 'open')
    trail.push(key)
    for (const parent of nodes[key]?.parents ?? []) {
      if (!isInside(parent) || !(parent.experiment in nodes)) continue
      const cycle = visit(parent.experiment)
      if (cycle) return cycle
    }
    trail.pop()
    state.set(key, 'done')
    order.push(key)
    return null
  }
  for (const key of Object.keys(nodes)) {
    const cycle = visit(key)
    if (cycle) return { order, cycle }
  }
  return { order, cycle: null }
}
