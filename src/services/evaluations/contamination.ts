import { contaminationWarning, uncomparedWords } from '#src/core/evaluations/contamination-words.ts'
import { allWeightAncestors } from '#src/core/lineage/weight-path.ts'
import { listMixtureDatasets, type MixtureDataset } from '#src/db/queries/datasets/training-hashes.ts'
import { countHashedItems, listOverlaps } from '#src/db/queries/evaluations/item-hashes.ts'
import { listExperimentsByIds } from '#src/db/queries/experiments/list-by-ids.ts'
import { listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Contamination } from '#src/protocol/contamination.ts'
import type { Context } from '#src/services/context.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { openEvaluation } from './open.ts'

/** A hash that more items than this share stands in the template or in worked examples. */
export const COMMON_MAX = 5
const SHOWN_MAX = 1_000

/**
 * Items of an evaluation that the training data of its checkpoint holds too: of the stage and of every stage from which its weights
 * come. Compared are hashes of whole prompts and of windows of 13 words (core/evaluations/text-hashes.ts).
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getContamination(ctx: Context, input: { evaluation: string }): Promise<Contamination> {
  const { scope, evaluation, view } = await openEvaluation(ctx, input.evaluation, 'eval:read')
  const datasets = await trainingDatasets(ctx, scope, view.experiment_id)
  const names = new Map(datasets.map((d) => [d.datasetVersionId, d.dataset]))
  const [rows, items, experiments] = await Promise.all([
    listOverlaps(ctx.db, scope, {
      benchmarkId: evaluation.benchmarkId,
      evaluationIds: [evaluation.id],
      datasetVersionIds: datasets.filter((d) => d.reported).map((d) => d.datasetVersionId),
      commonMax: COMMON_MAX,
    }),
    countHashedItems(ctx.db, scope, { benchmarkId: evaluation.benchmarkId, evaluationId: evaluation.id }),
    listExperimentsByIds(ctx.db, scope, [...new Set(datasets.map((d) => d.experimentId))]),
  ])
  const found = [...new Set(rows.map((row) => row.itemId))]
  const nameOf = (id: number) => names.get(id) ?? ''
  return {
    evaluation: view.uid,
    items,
    datasets: [...names].map(([id, dataset]) => {
      const of = datasets.filter((d) => d.datasetVersionId === id)
      const stages = of.flatMap((d) =>
        experiments.filter((row) => row.id === d.experimentId).map((row) => refOfRow(row, row.project)),
      )
      return { dataset, reported: of.some((d) => d.reported), stages }
    }),
    found: found.length,
    overlaps: rows
      .slice(0, SHOWN_MAX)
      .map((row) => ({ item: row.itemId, dataset: nameOf(row.datasetVersionId), row: row.rowId })),
    warning: contaminationWarning(found, items, [...new Set(rows.map((row) => nameOf(row.datasetVersionId)))]),
    unknown: uncomparedWords({
      items,
      n: view.n_items,
      datasets: names.size,
      unreported: [...new Set(datasets.filter((d) => !d.reported).map((d) => d.dataset))],
    }),
  }
}

/** Data sets of a stage and of all from which its weights come. */
async function trainingDatasets(ctx: Context, scope: Scope, experimentId: number): Promise<MixtureDataset[]> {
  const edges = await listAncestorEdges(ctx.db, scope, [experimentId])
  return listMixtureDatasets(ctx.db, scope, [experimentId, ...allWeightAncestors(edges, experimentId)])
}
