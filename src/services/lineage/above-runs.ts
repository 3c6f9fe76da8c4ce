import type { StartGraph } from '#src/core/lineage/start-values.ts'
import type { AncestorEdge } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import type { listRoots } from '#src/db/queries/lineage/list-roots.ts'
import type { listRunPlaces } from '#src/db/queries/lineage/list-run-places.ts'

/** What is above some runs, as the axes of their lineage are made from it. */
export interface Above {
  /** The runs, and those that wrote a checkpoint behind them. */
  runs: ReadonlyMap<number, Awaited<ReturnType<typeof listRunPlaces>>[number]>
  /** Ids of those that were asked for. */
  own: readonly number[]
  edges: readonly AncestorEdge[]
  /** By id of the stage. */
  roots: ReadonlyMap<number, Awaited<ReturnType<typeof listRoots>>[number]>
  checkpointIdOf: (edge: AncestorEdge) => number | undefined
  graph: Omit<StartGraph<AncestorEdge>, 'held'>
}
