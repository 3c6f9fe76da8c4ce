import { isPerToken } from '#src/core/evaluations/protocol.ts'
import { type LossMeaning, lossBreaks, type ScoreMeaning, scoreBreak } from '#src/core/lineage/curve-breaks.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { firstOf, LEARNING_RATE_KEYS, LOSS_KEYS } from '#src/core/lineage/loss-keys.ts'
import type { LineageStart } from '#src/core/lineage/start-values.ts'
import { ancestorsByWeight } from '#src/core/lineage/weight-path.ts'
import { deviceHoursAt } from '#src/core/metrics/x-axis.ts'
import { type CheckpointViewRow, listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { type EvaluationViewRow, listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listMixtures, type MixtureRow } from '#src/db/queries/experiments/list-mixtures.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Capability, CapabilityCell, CapabilityStage } from '#src/protocol/capability.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { type Cell, cellsOf } from '#src/services/evaluations/cells.ts'
import { measure } from '#src/services/evaluations/measure.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import { refOf, refOfRow } from '#src/services/experiments/view.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { cardMaker, changesOf } from './card.ts'
import { gatherGraph, type ProjectGraph } from './gather.ts'
import { lossKey } from './loss-lines.ts'
import { lineageStarts } from './start-values.ts'

export interface CapabilityInput {
  workspace?: string | undefined
  project: string
  /** Number of the stage at which the path ends; without it the last stage that begun of the longest path. */
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
  const checkpoints = await listCheckpoints(ctx.db, scope, {
    ids: [
      ...new Set([...onPath.map((row) => row.checkpoint_id), ...ids.flatMap((id) => graph.stages.get(id)?.id ?? [])]),
    ],
  })
  const known = [...new Set([...runs.values(), ...checkpoints.map((c) => c.run_id)])].filter((id) => id !== null)
  const [starts, measured] = await Promise.all([lineageStarts(ctx, scope, known), measure(ctx, scope, onPath)])
  const columns = benchmarksOf(graph, ids, onPath)
  const stages = await stagesOf(ctx, scope, {
    graph,
    path,
    runs,
    starts,
    mixtures,
    checkpoints,
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
      ...placeOf(checkpoint, checkpoint.run_id === null ? null : (starts.get(checkpoint.run_id) ?? null)),
      tokenizer: tokenizerOf(checkpoint) ?? stages[ids.indexOf(checkpoint.experiment_id)]?.tokenizer ?? null,
      own: cellsOf(cells.get(checkpoint.id) ?? []),
      experimentId: checkpoint.experiment_id,
    }))
    .sort((a, b) => a.stage - b.stage || a.checkpoint.step - b.checkpoint.step)
  const against = changesAlong(ctx, graph, path)
  return {
    leaf: leaf?.number ?? null,
    ends: ends.map((row) => refOfRow(row, project.slug)),
    goes_on_from: foreignStart(graph, path),
    stages,
    benchmarks: columns.map(({ row, isTarget }) => ({ ...viewBenchmark(row), is_target: isTarget })),
    points: joined(points, columns, against),
  }
}

/** A path's end when nobody chose one: of the longest paths the one whose last stage is the oldest. */
function longest(graph: ProjectGraph, ends: readonly ExperimentRow[]): ExperimentRow | undefined {
  const length = (row: ExperimentRow) => ancestorsByWeight(graph.paths, row.id).length
  return ends.reduce<ExperimentRow | undefined>(
    (best, row) => (!best || length(row) > length(best) ? row : best),
    undefined,
  )
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

interface Along {
  graph: ProjectGraph
  path: readonly ExperimentRow[]
  runs: ReadonlyMap<number, number | null>
  starts: ReadonlyMap<number, LineageStart>
  mixtures: readonly MixtureRow[]
  checkpoints: readonly CheckpointViewRow[]
  columns: readonly Column[]
  project: string
}

async function stagesOf(ctx: Context, scope: ProjectScope, along: Along): Promise<CapabilityStage[]> {
  const { graph, path, runs, starts } = along
  const card = cardMaker(ctx, along.project, graph)
  const sources = groupBy(along.mixtures, (row) => row.experimentId)
  const runIds = [...runs.values()].filter((id) => id !== null)
  const names = await ctx.services.metrics.summaries(scope.workspaceId, runIds, [...LOSS_KEYS, ...LEARNING_RATE_KEYS])
  const now = ctx.services.now().getTime()
  let before: LossMeaning | null = null
  return path.map((row) => {
    const runId = runs.get(row.id) ?? null
    const start = runId === null ? null : (starts.get(runId) ?? null)
    const summaries = (runId === null ? null : names.get(runId)) ?? []
    const { tokens, state } = card(row)
    const chosen = along.checkpoints.find((c) => c.id === graph.stages.get(row.id)?.id)
    const meaning: LossMeaning = {
      key: lossKey(summaries) ?? null,
      objective: row.objective,
      lossMask: row.lossMask,
      tokenizer: chosen ? tokenizerOf(chosen) : null,
      data: (sources.get(row.id) ?? []).map(({ source, share }) => ({ source, share: Number(share) })),
    }
    const breaks = before ? lossBreaks(before, meaning) : []
    before = meaning
    return {
      experiment: refOfRow(row, along.project),
      method: row.method,
      state,
      tokens: start && start.tokens !== null ? { from: start.tokens, to: start.tokens + (tokens ?? 0) } : null,
      device_hours:
        start && start.deviceHours !== null
          ? { from: start.deviceHours, to: start.deviceHours + deviceHoursAt(start.held, now) }
          : null,
      run: along.checkpoints.find((c) => c.run_id === runId)?.run?.number ?? graph.runs.get(row.id)?.number ?? null,
      loss: meaning.key,
      learning_rate: firstOf(LEARNING_RATE_KEYS, (key) => summaries.find((s) => s.key === key)?.key) ?? null,
      loss_mask: meaning.lossMask,
      objective: meaning.objective,
      tokenizer: meaning.tokenizer,
      sources: [...meaning.data],
      targets: along.columns.flatMap((column) =>
        isTargetOf(graph, row.id, column.row.benchmark_id) ? [column.row.slug] : [],
      ),
      loss_breaks: breaks,
    }
  })
}

const isTargetOf = (graph: ProjectGraph, id: number, benchmarkId: number): boolean =>
  (graph.roles.get(id) ?? []).some((role) => role.role === 'target' && role.benchmarkId === benchmarkId)

/** Where a checkpoint lies on the axes of its path. One that no run wrote has its tokens from its card. */
function placeOf(
  checkpoint: CheckpointViewRow,
  start: LineageStart | null,
): { tokens: number | null; device_hours: number | null } {
  if (!start) return { tokens: checkpoint.tokens, device_hours: checkpoint.run_id === null ? 0 : null }
  const { tokensOffset, deviceHours, held } = start
  return {
    tokens: checkpoint.tokens === null || tokensOffset === null ? null : checkpoint.tokens + tokensOffset,
    device_hours: deviceHours === null ? null : deviceHours + deviceHoursAt(held, millisOf(checkpoint.created_at)),
  }
}

/** What names the tokenizer of a checkpoint, as recipes and other clients put it. */
function tokenizerOf({ metadata }: CheckpointViewRow): string | null {
  const told = metadata.tokenizer_sha256 ?? metadata.tokenizer
  return typeof told === 'string' ? told : null
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

type Changes = ReadonlyMap<string, Change>
/** By experiment id: changes against the parent and against the root, by benchmark. */
type Against = ReadonlyMap<number, { parent: Changes; root: Changes }>

function changesAlong(ctx: Context, graph: ProjectGraph, path: readonly ExperimentRow[]): Against {
  const root = path[0] && graph.stages.get(path[0].id)
  const byBenchmark = (changes: readonly Change[]): Changes => new Map(changes.map((c) => [c.benchmark.slug, c]))
  return new Map(
    path.slice(1).map(({ id }) => [
      id,
      {
        parent: byBenchmark(changesOf(ctx, graph, id)),
        root: byBenchmark(root ? changesOf(ctx, graph, id, { checkpointId: root.id }) : []),
      },
    ]),
  )
}

type Point = Omit<Capability['points'][number], 'cells'> & {
  own: Cell[]
  tokenizer: string | null
  experimentId: number
}

/** The points with their cells, each of which says whether it goes on from the one before it of the same benchmark. */
function joined(points: readonly Point[], columns: readonly Column[], against: Against): Capability['points'] {
  const before = new Map<number, ScoreMeaning>()
  return points.map(({ own, tokenizer, experimentId, ...point }) => ({
    ...point,
    cells: columns.map(({ row }): CapabilityCell | null => {
      const cell = own.find((c) => c.row.benchmark_id === row.benchmark_id)
      if (!cell) return null
      const meaning: ScoreMeaning = {
        metric: cell.row.metric,
        fingerprint: cell.row.fingerprint,
        tokenizer,
        isPerToken: isPerToken(cell.row.metric, cell.row.kind),
      }
      const last = before.get(row.benchmark_id)
      before.set(row.benchmark_id, meaning)
      const of = point.of_stage ? against.get(experimentId) : undefined
      return {
        id: cell.row.uid,
        score: cell.score,
        low: cell.interval.low,
        high: cell.interval.high,
        n: cell.row.n,
        trials: cell.trials,
        metric: cell.row.metric,
        fingerprint: cell.row.fingerprint,
        broken: last ? scoreBreak(last, meaning) : null,
        parent: changeOf(of?.parent.get(row.slug)),
        root: changeOf(of?.root.get(row.slug)),
      }
    }),
  }))
}

function changeOf(change: Change | undefined): CapabilityCell['parent'] {
  if (!change) return null
  const { change: value, low, high, p, method, reason, reading } = change
  return { change: value, low, high, p, method, reason, reading }
}
