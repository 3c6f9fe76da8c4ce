import { differingFields } from '#src/core/evaluations/comparable.ts'
import { countStale, VALID_UNTIL_LABEL } from '#src/core/evaluations/validity.ts'
import { allWeightAncestors } from '#src/core/lineage/weight-path.ts'
import { type CheckpointViewRow, listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { listMixtureDatasets } from '#src/db/queries/datasets/training-hashes.ts'
import { listDefinitionEdits } from '#src/db/queries/evaluations/definition-edits.ts'
import { listOverlaps } from '#src/db/queries/evaluations/item-hashes.ts'
import { type BenchmarkListRow, listBenchmarks } from '#src/db/queries/evaluations/list-benchmarks.ts'
import { type EvaluationViewRow, listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import { listItemLabels } from '#src/db/queries/evaluations/list-item-labels.ts'
import { listProtocolUses, type ProtocolUse } from '#src/db/queries/evaluations/list-protocols.ts'
import { countSuperseded } from '#src/db/queries/evaluations/supersede.ts'
import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import { listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import type { Scope } from '#src/db/scope.ts'
import {
  type BenchmarkPage,
  type BenchmarkSummary,
  MEASURED_MAX,
  type MeasuredCheckpoint,
} from '#src/protocol/benchmarks.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { COMMON_MAX } from './contamination.ts'
import { unknownBenchmark } from './ensure-benchmark.ts'
import { measure } from './measure.ts'
import { UNDEFINED_CATEGORY } from './named-benchmark.ts'
import { viewBenchmark } from './view.ts'

/** The project that a caller is bound to; null for who sees the whole workspace. */
export const boundProject = ({ actor }: Context): number | null => (actor.kind === 'apiKey' ? actor.projectId : null)

/**
 * Benchmarks of a workspace, by category and name, with those that stages named and nobody defined.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listBenchmarkSummaries(
  ctx: Context,
  input: { workspace?: string | undefined },
): Promise<{ items: BenchmarkSummary[] }> {
  const { scope } = await openWorkspace(ctx, input, 'eval:read')
  return { items: (await listBenchmarks(ctx.db, scope, { project: boundProject(ctx) })).map(summaryOf) }
}

/**
 * A benchmark: what it measures, its protocols and how they differ, the checkpoints that were measured, what training data holds of
 * its items, and what people changed of its definition.
 *
 * @throws Refusal `not_found` with the nearest slug, `forbidden`
 */
export async function getBenchmark(
  ctx: Context,
  input: { workspace?: string | undefined; benchmark: string },
): Promise<BenchmarkPage> {
  const { scope } = await openWorkspace(ctx, input, 'eval:read')
  const project = boundProject(ctx)
  const [row] = await listBenchmarks(ctx.db, scope, { slug: input.benchmark, project })
  if (!row) throw new Refusal('not_found', await unknownBenchmark(ctx, scope, input.benchmark))
  const [uses, standing, edits] = await Promise.all([
    listProtocolUses(ctx.db, scope, { benchmarkId: row.id }, project),
    listEvaluations(ctx.db, scope, { benchmarkId: row.id }),
    listDefinitionEdits(ctx.db, scope, { benchmarkId: row.id }),
  ])
  const checkpoints = new Map(
    (await listCheckpoints(ctx.db, scope, { ids: [...new Set(standing.map((e) => e.checkpoint_id))] }, standing.length))
      .filter((c) => project === null || c.project_id === project)
      .map((c) => [c.id, c]),
  )
  const seen = standing.filter((e) => checkpoints.has(e.checkpoint_id))
  const shown = seen.slice(0, MEASURED_MAX)
  const overlaps = await overlapsOf(ctx, scope, row.id, shown)
  const chosen = uses.find((use) => use.protocol_id === row.default_protocol_id)
  const standard = chosen ?? uses[0]
  return {
    benchmark: summaryOf(row),
    default_protocol: standard?.fingerprint ?? null,
    default_by: chosen ? 'person' : standard ? 'newest' : null,
    protocols: uses.map((use) => viewUse(use, standard, row)),
    measured: await viewMeasured(ctx, scope, shown, checkpoints, overlaps),
    measured_total: seen.length,
    overlaps: overlaps.map(({ item, dataset, row: of, experimentIds }) => ({
      item,
      dataset,
      row: of,
      stages: stagesOf(checkpoints, experimentIds),
    })),
    dated_items: await datedItems(ctx, scope, shown),
    edits: edits.map((edit) => ({ ...edit, at: instantOf(edit.at) })),
  }
}

/** How many items of the newest evaluation with items tell a day, and how many of those days have passed. */
async function datedItems(
  ctx: Context,
  scope: Scope,
  evaluations: readonly EvaluationViewRow[],
): Promise<BenchmarkPage['dated_items']> {
  const newest = evaluations.find((row) => row.n_items > 0)
  if (!newest) return null
  const labels = (await listItemLabels(ctx.db, scope, [newest.id], VALID_UNTIL_LABEL)).get(newest.id) ?? []
  const today = ctx.services.now().toISOString().slice(0, 10)
  const counts = countStale(
    labels.map(({ id, value }) => ({ id, tags: { [VALID_UNTIL_LABEL]: value } })),
    today,
  )
  return counts.dated === 0 ? null : counts
}

/** A benchmark in the list of its workspace. */
export const summaryOf = (row: BenchmarkListRow): BenchmarkSummary => ({
  ...viewBenchmark(row),
  description: row.description,
  defined: row.category !== UNDEFINED_CATEGORY,
  checkpoints: row.checkpoints,
  protocols: row.protocols,
  newest_at: instantOrNull(row.newest_at),
})

/** Protocols are compared as for the metric that both have, else for the first of either. */
const viewUse = (use: ProtocolUse, standard: ProtocolUse | undefined, { kind }: BenchmarkListRow) => ({
  fingerprint: use.fingerprint,
  name: use.name,
  note: use.note,
  fields: use.fields,
  metrics: use.metrics,
  checkpoints: use.checkpoints,
  newest_at: instantOf(use.newest_at),
  is_default: use === standard,
  differs:
    standard && use !== standard
      ? differingFields(standard.fields, use.fields, { metric: use.metrics[0] ?? '', kind })
      : [],
})

interface FoundOverlap {
  item: string
  dataset: string
  row: string
  /** Stages that were measured and whose weights saw the data. */
  experimentIds: readonly number[]
}

/** Items that the training data of a measured stage, or of one from which its weights come, holds too. */
async function overlapsOf(
  ctx: Context,
  scope: Scope,
  benchmarkId: number,
  evaluations: readonly EvaluationViewRow[],
): Promise<FoundOverlap[]> {
  const experimentIds = [...new Set(evaluations.map((e) => e.experiment_id))]
  const edges = await listAncestorEdges(ctx.db, scope, experimentIds)
  const lines = new Map(experimentIds.map((id) => [id, new Set([id, ...allWeightAncestors(edges, id)])]))
  const trained = [...new Set([...lines.values()].flatMap((line) => [...line]))]
  const datasets = (await listMixtureDatasets(ctx.db, scope, trained)).filter((d) => d.reported)
  const rows = await listOverlaps(ctx.db, scope, {
    benchmarkId,
    evaluationIds: evaluations.map((e) => e.id),
    datasetVersionIds: [...new Set(datasets.map((d) => d.datasetVersionId))],
    commonMax: COMMON_MAX,
  })
  return rows.map((row) => {
    const of = datasets.filter((d) => d.datasetVersionId === row.datasetVersionId)
    const saw = experimentIds.filter((id) => of.some((d) => lines.get(id)?.has(d.experimentId)))
    return { item: row.itemId, dataset: of[0]?.dataset ?? '', row: row.rowId, experimentIds: saw }
  })
}

const stagesOf = (checkpoints: ReadonlyMap<number, CheckpointViewRow>, experimentIds: readonly number[]) => {
  const ends = new Map([...checkpoints.values()].map((c) => [c.experiment.id, c.experiment]))
  return experimentIds.flatMap((id) => {
    const end = ends.get(id)
    return end ? [refOf(end)] : []
  })
}

async function viewMeasured(
  ctx: Context,
  scope: Scope,
  rows: readonly EvaluationViewRow[],
  checkpoints: ReadonlyMap<number, CheckpointViewRow>,
  overlaps: readonly FoundOverlap[],
): Promise<MeasuredCheckpoint[]> {
  const [measured, superseded] = await Promise.all([
    measure(ctx, scope, rows),
    countSuperseded(
      ctx.db,
      scope,
      rows.map((row) => row.id),
    ),
  ])
  return measured.flatMap(({ row, interval, items }) => {
    const checkpoint = checkpoints.get(row.checkpoint_id)
    if (!checkpoint) return []
    const own = new Set(items.map((item) => item.id))
    const found = overlaps.filter((o) => o.experimentIds.includes(row.experiment_id) && own.has(o.item))
    return [
      {
        evaluation: row.uid,
        experiment: refOf(checkpoint.experiment),
        checkpoint: { id: checkpoint.uid, step: checkpoint.step, tokens: checkpoint.tokens },
        metric: row.metric,
        fingerprint: row.fingerprint,
        variant: row.variant,
        seed: row.seed,
        score: row.score,
        scale: row.scale,
        low: interval.low,
        high: interval.high,
        interval_note: interval.note,
        n: row.n,
        n_missing: row.n_missing,
        source: row.source,
        measured_at: instantOrNull(row.measured_at),
        created_at: instantOf(row.created_at),
        superseded: superseded.get(row.id) ?? 0,
        overlaps: new Set(found.map((o) => o.item)).size,
      },
    ]
  })
}
