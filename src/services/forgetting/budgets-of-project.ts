/** The verdict of every stage of a project against its parent, from what its lineage has read already. */
import { type TunedStage, tunedPath } from '#src/core/forgetting/instruct-retention.ts'
import { weightGraph, weightParents } from '#src/core/forgetting/weight-graph.ts'
import type { MeasuredBenchmark } from '#src/db/queries/evaluations/list-measured.ts'
import type { ForgettingVerdict } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import { type ProjectGraph, startOf } from '#src/services/lineage/gather.ts'
import { familyOf } from './family.ts'
import { judge } from './judge.ts'
import { viewBudget } from './verdict.ts'
import type { MeasuredPath } from './weight-path.ts'

export type StageBudgetVerdict = ForgettingVerdict['budget']

/** What the verdict says of each stage's budget. */
export function budgetsOfProject(ctx: Context, graph: ProjectGraph): (experimentId: number) => StageBudgetVerdict {
  const verdictOf = verdictsOfProject(ctx, graph)
  return (experimentId) => verdictOf(experimentId).budget
}

/** Judges stages one by one; nothing more is read. */
export function verdictsOfProject(
  ctx: Context,
  graph: ProjectGraph,
): (experimentId: number) => Omit<ForgettingVerdict, 'reference'> {
  const ids = [...new Set([...graph.experiments.map((x) => x.id), ...graph.paths.flatMap((e) => [e.child, e.parent])])]
  const weights = weightGraph(ids, weightParents(graph.paths))
  const byId = new Map(graph.named.map((row) => [row.id, row]))
  const budgetOf = new Map(graph.budgets.map((row) => [row.experimentId, row]))
  const kinds = new Map<number, TunedStage>([
    ...graph.edges.map(({ parent }) => [parent.id, { stageKind: parent.stage_kind, name: parent.name }] as const),
    ...graph.experiments.map((row) => [row.id, row] as const),
  ])
  return (experimentId) => {
    const stage = graph.stages.get(experimentId)
    const start = startOf(graph, experimentId)
    const points = viewBudget(budgetOf.get(experimentId)).points
    if (!stage || !start) return judge([], points)
    const own = graph.roles.get(experimentId) ?? []
    const path: MeasuredPath = {
      graph: weights,
      parents: [{ experimentId: start.edge.parent, checkpointId: start.checkpointId }],
      stages: graph.stages,
      cells: graph.cells,
      roles: own,
      tuned: tunedPath(weights.path(experimentId), (id) => kinds.get(id) ?? null),
    }
    const { checkpointId } = start
    const asked = {
      experimentId,
      own: graph.cells.get(stage.id) ?? [],
      reference: checkpointId === null ? null : { experimentId: start.edge.parent, checkpointId, stagesBack: 1 },
      named: new Map(own.flatMap(({ benchmarkId }) => entryOf(byId, benchmarkId))),
      alongPath: false,
    }
    const family = familyOf(ctx, path, asked, null)
    return judge(family, points)
  }
}

const entryOf = (rows: ReadonlyMap<number, MeasuredBenchmark>, id: number): [number, MeasuredBenchmark][] => {
  const row = rows.get(id)
  return row ? [[id, row]] : []
}
