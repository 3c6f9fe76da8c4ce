import { paramsOf } from '#src/core/cost/model-shape.ts'
import { isScoringEdge, scoringModels } from '#src/core/cost/policy-stage.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { LEARNING_RATE_KEYS, LOSS_KEYS } from '#src/core/lineage/loss-keys.ts'
import { ancestorsByWeight } from '#src/core/lineage/weight-path.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { type EvaluationViewRow, listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listMixtures } from '#src/db/queries/experiments/list-mixtures.ts'
import { listPathRuns } from '#src/db/queries/runs/list-path-runs.ts'
import type { Capability } from '#src/protocol/capability.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { cellsOf } from '#src/services/evaluations/cells.ts'
import { measure } from '#src/services/evaluations/measure.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import { refOf, refOfRow } from '#src/services/experiments/view.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { baselinesAlong, pointsOf } from './capability-points.ts'
import { leavingOf, stagesOf, stepsLogged, tokenizerOf } from './capability-stages.ts'
import { cardMaker } from './card.ts'
import { gatherGraph, type ProjectGraph } from './gather.ts'
import { type AxisStage, placesOfPath } from './path-axes.ts'
import { lineageStarts } from './start-values.ts'

export interface CapabilityInput {
  workspace?: string | undefined
  project: string
  /** Number of the stage at which the path ends; without it the newest stage at the end of a longest path. */
  leaf?: number | undefined
}

/**
 * Scores of all measured checkpoints along one path of weights, placed on axes that go on from stage to stage, with the places where
 * curves break and the changes of each stage against its parent and the root.
 *
 * @throws Refusal `not_found` (project, or a leaf that is none of its stages), `forbidden`
 */
export async function getCapability(ctx: Context, input: CapabilityInput): Promise<Capability> {
  const { scope, project } = await openProject(ctx, input, 'eval:read')
  const graph = await gatherGraph(ctx, scope)
  const ends = graph.experiments.filter((row) => !row.isUnstaged && hasBegun(graph, row.id))
  const leaf = input.leaf === undefined ? longest(graph, ends) : ends.find((row) => row.number === input.leaf)
  if (input.leaf !== undefined && !leaf) throw notFound(`Stage ${input.leaf}, or a run of it,`)
  const path = leaf ? pathOf(graph, leaf) : []
  const ids = path.map((row) => row.id)
  const runs = new Map(ids.map((id) => [id, graph.stages.get(id)?.runId ?? graph.runs.get(id)?.id ?? null]))
  const [rows, mixtures] = await Promise.all([
    listEvaluations(ctx.db, scope, { projectId: scope.projectId }),
    listMixtures(ctx.db, scope, ids),
  ])
  const onPath = rows.filter((row) => runs.has(row.experiment_id))
  const leaves = leavingOf(graph, path)
  const scorers = graph.paths.filter(({ child, kind }) => ids.includes(child) && isScoringEdge(kind))
  const checkpoints = await listCheckpoints(ctx.db, scope, {
    ids: [
      ...new Set([
        ...onPath.map((row) => row.checkpoint_id),
        ...ids.flatMap((id) => graph.stages.get(id)?.id ?? []),
        ...leaves.flatMap((id) => id ?? []),
        ...scorers.flatMap(({ parent }) => graph.stages.get(parent)?.id ?? []),
      ]),
    ],
  })
  const known = [...new Set([...runs.values(), ...checkpoints.map((c) => c.run_id)])].filter((id) => id !== null)
  const [starts, pathRuns, measured, summaries] = await Promise.all([
    lineageStarts(ctx, scope, known),
    listPathRuns(ctx.db, scope, known),
    measure(ctx, scope, onPath),
    ctx.services.metrics.summaries(scope.workspaceId, known, [...LOSS_KEYS, ...LEARNING_RATE_KEYS]),
  ])
  const columns = benchmarksOf(graph, ids, onPath)
  const card = cardMaker(ctx, project.slug, graph)
  const byId = new Map(checkpoints.map((c) => [c.id, c]))
  const rowOf = new Map(graph.experiments.map((row) => [row.id, row]))
  const paramsOfStage = (id: number) =>
    rowOf.get(id)?.params ?? paramsOf(byId.get(graph.stages.get(id)?.id ?? -1)?.metadata ?? {})
  const axisStages = path.map((row, i): AxisStage => {
    const runId = runs.get(row.id) ?? null
    const chosen = byId.get(graph.stages.get(row.id)?.id ?? -1) ?? null
    return {
      row,
      runId,
      chosen,
      leave: byId.get(leaves[i] ?? -1) ?? chosen,
      models: scoringModels(graph.paths, row.id, paramsOfStage),
      tokens: card(row).tokens,
      ...stepsLogged(runId === null ? [] : (summaries.get(runId) ?? [])),
    }
  })
  const places = placesOfPath({
    stages: axisStages,
    starts,
    runs: new Map(pathRuns.map((run) => [run.id, run])),
    nowMs: ctx.services.now().getTime(),
  })
  const stages = stagesOf({
    graph,
    axisStages,
    places,
    starts,
    summaries,
    states: new Map(path.map((row) => [row.id, card(row).state])),
    sources: groupBy(mixtures, (row) => row.experimentId),
    columns,
    project: project.slug,
  })
  const cells = groupBy(measured, (m) => m.row.checkpoint_id)
  const points = checkpoints
    .filter((c) => cells.has(c.id) && !c.deleted_at)
    .map((checkpoint) => ({
      stage: ids.indexOf(checkpoint.experiment_id),
      of_stage: graph.stages.get(checkpoint.experiment_id)?.id === checkpoint.id,
      checkpoint: { id: checkpoint.uid, step: checkpoint.step },
      at: places.place(ids.indexOf(checkpoint.experiment_id), checkpoint),
      tokenizer: tokenizerOf(checkpoint) ?? stages[ids.indexOf(checkpoint.experiment_id)]?.tokenizer ?? null,
      own: cellsOf(cells.get(checkpoint.id) ?? []),
      experimentId: checkpoint.experiment_id,
    }))
    .sort((a, b) => a.stage - b.stage || a.checkpoint.step - b.checkpoint.step)
  const baselines = baselinesAlong(ctx, graph, path, (id) => {
    const checkpoint = byId.get(id)
    return checkpoint ? tokenizerOf(checkpoint) : null
  })
  const last = axisStages.at(-1)?.runId ?? null
  return {
    leaf: leaf?.number ?? null,
    ends: ends.map((row) => refOfRow(row, project.slug)),
    goes_on_from: foreignStart(graph, path),
    device_kind: (last === null ? null : starts.get(last)?.deviceKind) ?? null,
    stages,
    benchmarks: columns.map(({ row, isTarget }) => ({ ...viewBenchmark(row), is_target: isTarget })),
    points: pointsOf(points, columns, baselines),
  }
}

/** A path's end when nobody chose one, as on the other pages: of the longest paths the one whose last stage is the newest. */
function longest(graph: ProjectGraph, ends: readonly ExperimentRow[]): ExperimentRow | undefined {
  const length = (row: ExperimentRow) => ancestorsByWeight(graph.paths, row.id).length
  const isBefore = (a: ExperimentRow, b: ExperimentRow) =>
    length(a) > length(b) || (length(a) === length(b) && a.number > b.number)
  return ends.reduce<ExperimentRow | undefined>((best, row) => (!best || isBefore(row, best) ? row : best), undefined)
}

const hasBegun = (graph: ProjectGraph, id: number): boolean =>
  graph.stages.has(id) || (graph.runs.get(id)?.started_at ?? null) !== null

/** Stages of the project from the root to the leaf. */
function pathOf(graph: ProjectGraph, leaf: ExperimentRow): ExperimentRow[] {
  const byId = new Map(graph.experiments.map((row) => [row.id, row]))
  return [leaf.id, ...ancestorsByWeight(graph.paths, leaf.id)].flatMap((id) => byId.get(id) ?? []).reverse()
}

function foreignStart(graph: ProjectGraph, path: readonly ExperimentRow[]): Capability['goes_on_from'] {
  const [root] = path
  const own = new Set(graph.experiments.map((row) => row.id))
  const [first] = root ? ancestorsByWeight(graph.paths, root.id) : []
  if (first === undefined || own.has(first)) return null
  const edge = graph.edges.find((e) => e.parent.id === first)
  return edge ? refOf(edge.parent) : null
}

interface Column {
  row: EvaluationViewRow
  isTarget: boolean
}

/** Benchmarks that were measured on the path: what a stage of it aims at first, then by how many stages have it. */
function benchmarksOf(graph: ProjectGraph, ids: readonly number[], rows: readonly EvaluationViewRow[]): Column[] {
  const targets = new Set(
    ids.flatMap((id) => (graph.roles.get(id) ?? []).filter((r) => r.role === 'target').map((r) => r.benchmarkId)),
  )
  return [...groupBy(rows, (row) => row.benchmark_id).values()]
    .flatMap((of) => {
      const [row] = of
      const stages = new Set(of.map((r) => r.experiment_id)).size
      return row ? [{ row, isTarget: targets.has(row.benchmark_id), stages }] : []
    })
    .sort(
      (a, b) => b.stages - a.stages || Number(b.isTarget) - Number(a.isTarget) || a.row.slug.localeCompare(b.row.slug),
    )
}
