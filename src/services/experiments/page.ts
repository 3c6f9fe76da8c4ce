import type { Baseline as BaselineKind } from '#src/core/evaluations/baselines.ts'
import { changedFirst, countFlips } from '#src/core/evaluations/flips.ts'
import { sharedForm } from '#src/core/evaluations/slim-item.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { firstOf, LOSS_KEYS, SPEED_KEYS } from '#src/core/lineage/loss-keys.ts'
import { ancestorsByWeight } from '#src/core/lineage/weight-path.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { type ItemText, listItemTexts } from '#src/db/queries/evaluations/list-item-texts.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listMixtures } from '#src/db/queries/experiments/list-mixtures.ts'
import { listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { listExperimentEnds } from '#src/db/queries/lineage/list-experiment-ends.ts'
import { listAttempts } from '#src/db/queries/runs/attempts.ts'
import { listRuns } from '#src/db/queries/runs/list-runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { CostAsk } from '#src/protocol/cost.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import { viewCheckpoints } from '#src/services/checkpoints/view.ts'
import type { Context } from '#src/services/context.ts'
import { getStageCost } from '#src/services/cost/project-cost.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { gainsPerMoney } from '#src/services/forgetting/gain-per-money.ts'
import { getStageVerdict } from '#src/services/forgetting/verdict.ts'
import { cardMaker, changesOf } from '#src/services/lineage/card.ts'
import { viewEdge } from '#src/services/lineage/edges.ts'
import { cellsOfCheckpoints, gatherGraph, type ProjectGraph, startOf } from '#src/services/lineage/gather.ts'
import { viewRun } from '#src/services/runs/view.ts'
import { wallSeconds } from '#src/services/runs/wall-seconds.ts'
import { keptAgainstForgetting } from './kept-against-forgetting.ts'
import { openExperiment } from './open.ts'
import { refOf, viewExperiment } from './view.ts'

const RUNS_SHOWN = 200
const CHECKPOINTS_SHOWN = 200
const SAMPLES_PER_BENCHMARK = 4

export interface StagePageInput {
  workspace?: string | undefined
  project: string
  experiment: number | string
  baseline?: BaselineKind
  /** True to list deleted checkpoints too. */
  deleted?: boolean
}

/**
 * The stage page: what the stage is, what it came from, its runs and checkpoints, and what it gained and lost against its parent
 * or its root.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getStagePage(ctx: Context, input: StagePageInput): Promise<StagePage> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'experiment:read')
  const graph = await gatherGraph(ctx, scope)
  const baseline = await findBaseline(ctx, scope, graph, experiment, input.baseline ?? 'parent')
  const changes = baseline ? changesOf(ctx, baseline.graph, experiment.id, { checkpointId: baseline.checkpointId }) : []
  const pairs = baseline ? pairsOf(baseline.graph, experiment.id, baseline.checkpointId, changes) : []
  const [mixture, runs, checkpoints, samples, forgetting, cost] = await Promise.all([
    listMixtures(ctx.db, scope, [experiment.id]),
    runsOf(ctx, scope, project.slug, graph, experiment.id),
    listCheckpoints(ctx.db, scope, { experimentId: experiment.id, deleted: input.deleted ?? false }, CHECKPOINTS_SHOWN),
    samplesOf(ctx, scope, pairs),
    getStageVerdict(ctx, input),
    getStageCost(ctx, { ...CostAsk.parse({}), ...input }),
  ])
  const standing = graph.standings.get(experiment.id) ?? { state: 'planned' as const, detail: null }
  return {
    card: cardMaker(ctx, project.slug, graph)(experiment),
    experiment: viewExperiment(experiment, {
      ...{ project: project.slug, standing, mixture, addresses: graph.addresses },
      kept: (await keptAgainstForgetting(ctx, scope, [experiment], mixture))(experiment),
    }),
    parents: graph.edges.filter((edge) => edge.child.id === experiment.id).map(viewEdge),
    children: graph.edges.filter((edge) => edge.parent.id === experiment.id).map(viewEdge),
    siblings: siblingsOf(graph, experiment.id),
    runs,
    checkpoints: await viewCheckpoints(ctx, scope, checkpoints),
    baseline: baseline?.view ?? null,
    changes,
    forgetting,
    cost: { total: cost.total, sources: cost.sources },
    gain_per_thousand: gainsPerMoney(forgetting.parent, cost.total),
    samples,
    flips: pairs.flatMap(({ benchmark, before, after }) => {
      const flips = countFlips(before.items, after.items)
      return flips ? [{ benchmark, ...flips }] : []
    }),
  }
}

interface Baseline {
  checkpointId: number
  view: NonNullable<StagePage['baseline']>
  /** The graph with the baseline's cells. */
  graph: ProjectGraph
}

async function findBaseline(
  ctx: Context,
  scope: ProjectScope,
  graph: ProjectGraph,
  experiment: ExperimentRow,
  kind: BaselineKind,
): Promise<Baseline | null> {
  const found = kind === 'parent' ? parentOf(graph, experiment.id) : await rootOf(ctx, scope, graph, experiment.id)
  if (!found || found.checkpointId === null) return null
  const [[end], [row]] = await Promise.all([
    listExperimentEnds(ctx.db, scope, [found.experimentId]),
    listCheckpoints(ctx.db, scope, { ids: [found.checkpointId] }),
  ])
  if (!end || !row) return null
  const known = graph.cells.has(found.checkpointId)
  const more = known ? new Map<number, Cell[]>() : await cellsOfCheckpoints(ctx, scope, [found.checkpointId])
  return {
    checkpointId: found.checkpointId,
    view: { kind, experiment: refOf(end), checkpoint: { id: row.uid, step: row.step } },
    graph: known ? graph : { ...graph, cells: new Map([...graph.cells, ...more]) },
  }
}

function parentOf(graph: ProjectGraph, experimentId: number) {
  const start = startOf(graph, experimentId)
  return start && { experimentId: start.edge.parent, checkpointId: start.checkpointId }
}

async function rootOf(ctx: Context, scope: ProjectScope, graph: ProjectGraph, experimentId: number) {
  const path = ancestorsByWeight(await listAncestorEdges(ctx.db, scope, [experimentId]), experimentId)
  const root = path.at(-1)
  if (root === undefined) return null
  const known = graph.stages.get(root) ?? (await stageCheckpoints(ctx, scope, [root])).of.get(root)
  return { experimentId: root, checkpointId: known?.id ?? null }
}

interface Pair {
  benchmark: string
  before: Cell
  after: Cell
}

/** Cells of both sides of every change that could be told. */
function pairsOf(graph: ProjectGraph, experimentId: number, baseline: number, changes: readonly Change[]): Pair[] {
  const stage = graph.stages.get(experimentId)
  const after = (stage && graph.cells.get(stage.id)) ?? []
  const before = graph.cells.get(baseline) ?? []
  return changes.flatMap((change) => {
    if (change.change === null) return []
    const now = after.find((cell) => cell.row.slug === change.benchmark.slug)
    const old =
      now &&
      before.find(
        ({ row }) =>
          row.slug === now.row.slug && row.metric === now.row.metric && row.fingerprint === now.row.fingerprint,
      )
    return now && old ? [{ benchmark: change.benchmark.slug, before: old, after: now }] : []
  })
}

async function samplesOf(ctx: Context, scope: ProjectScope, pairs: readonly Pair[]): Promise<StagePage['samples']> {
  // A loss has documents, not answers.
  const chosen = pairs
    .filter((pair) => sharedForm(pair.after.items) !== 'loss')
    .map((pair) => ({ ...pair, ids: changedFirst(pair.before.items, pair.after.items, SAMPLES_PER_BENCHMARK) }))
  const texts = await listItemTexts(
    ctx.db,
    scope,
    chosen.flatMap(({ before, after, ids }) =>
      ids.flatMap((id) => [
        { evaluationId: before.row.id, id },
        { evaluationId: after.row.id, id },
      ]),
    ),
  )
  const byKey = new Map(texts.map(({ evaluation_id, item }) => [`${evaluation_id} ${item.id}`, item]))
  const samples = chosen.flatMap(({ benchmark, before, after, ids }) =>
    ids.flatMap((id) => {
      const [was, is] = [byKey.get(`${before.row.id} ${id}`), byKey.get(`${after.row.id} ${id}`)]
      if (!was || !is) return []
      const shown = { benchmark, item: id, prompt: is.prompt ?? '', expected: is.expected ?? null }
      return [{ ...shown, before: sideOf(was), after: sideOf(is) }]
    }),
  )
  const hasChanged = (sample: (typeof samples)[number]) => Number(sample.before.score !== sample.after.score)
  return samples.sort((a, b) => hasChanged(b) - hasChanged(a))
}

const sideOf = (item: ItemText['item']) => ({
  output: item.output ?? '',
  score: item.score ?? (item.pred !== undefined ? Number(item.pred === item.gold) : null),
})

function siblingsOf(graph: ProjectGraph, experimentId: number): StagePage['siblings'] {
  const parent = startOf(graph, experimentId)?.edge.parent
  if (parent === undefined) return []
  const children = graph.edges.filter((edge) => edge.parent.id === parent && edge.child.id !== experimentId)
  const own = children.filter((edge) => startOf(graph, edge.child.id)?.edge.parent === parent)
  return [...new Map(own.map((edge) => [edge.child.id, refOf(edge.child)])).values()]
}

async function runsOf(
  ctx: Context,
  scope: ProjectScope,
  project: string,
  graph: ProjectGraph,
  experimentId: number,
): Promise<StagePage['runs']> {
  const rows = await listRuns(ctx.db, scope, { experimentId, limit: RUNS_SHOWN })
  const ids = rows.map((row) => row.id)
  const [attempts, summaries] = await Promise.all([
    listAttempts(ctx.db, scope, ids),
    ctx.services.metrics.summaries(scope.workspaceId, ids, [...LOSS_KEYS, ...SPEED_KEYS]),
  ])
  const byRun = groupBy(attempts, (attempt) => attempt.runId)
  const nowMs = ctx.services.now().getTime()
  return rows.map((row) => {
    const known = new Map((summaries.get(row.id) ?? []).map((s) => [s.key, s.last_value]))
    const number = (key: string) => {
      const value = known.get(key)
      return typeof value === 'number' ? value : undefined
    }
    const lossKey = firstOf(LOSS_KEYS, (key) => (known.has(key) ? key : undefined)) ?? null
    return {
      ...viewRun(row, project, graph.addresses),
      wall_s: wallSeconds(byRun.get(row.id) ?? [], { isLive: row.state === 'running' || row.state === 'lost', nowMs }),
      tokens_per_s: firstOf(SPEED_KEYS, number) ?? null,
      last_loss: lossKey === null ? null : (number(lossKey) ?? null),
      loss_key: lossKey,
    }
  })
}
