/** Which stages are ends of a lineage, and which of them a reader sees first. */
import type { PathEdge } from '../lineage/weight-path.ts'
import { carriesCost } from './lineage-cost.ts'

/** A stage as the choice needs it. */
export interface EndStage {
  id: number
  number: number
  /** Something of it exists or was tried: a checkpoint, or a run. */
  isMade: boolean
  isArchived: boolean
}

/**
 * Ids of the stages from which nobody that was made went on, the one with the most ancestors first (the newer first among equals). Stages
 * that are only planned, and archived ones, are none.
 */
export function leavesOf(stages: readonly EndStage[], edges: readonly PathEdge[]): number[] {
  const made = new Set(stages.filter((s) => s.isMade && !s.isArchived).map(({ id }) => id))
  const continued = new Set(edges.filter((e) => carriesCost(e.kind) && made.has(e.child)).map((e) => e.parent))
  return stages
    .filter(({ id }) => made.has(id) && !continued.has(id))
    .map((stage) => ({ stage, ancestors: costAncestors(edges, stage.id).size }))
    .sort((a, b) => b.ancestors - a.ancestors || b.stage.number - a.stage.number)
    .map(({ stage }) => stage.id)
}

/** A stage and all that it uses, over weight and dependency edges. */
export function costAncestors(edges: readonly PathEdge[], id: number): Set<number> {
  const found = new Set([id])
  for (const at of found)
    for (const edge of edges) if (edge.child === at && carriesCost(edge.kind)) found.add(edge.parent)
  return found
}
