import { type ExperimentStanding, experimentState } from '#src/core/experiments/experiment-state.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listWork, type WorkRow } from '#src/db/queries/experiments/list-work.ts'
import { listGivenWeights } from '#src/db/queries/imports/list-given-weights.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'

/** Where each experiment stands, with the reason of what waits or failed. */
export async function standingsOf(
  ctx: Context,
  scope: ProjectScope,
  experiments: readonly ExperimentRow[],
): Promise<{ standings: Map<number, ExperimentStanding>; work: Map<number, WorkRow[]> }> {
  const one = experiments.length === 1 ? experiments[0]?.id : undefined
  const [rows, given] = await Promise.all([listWork(ctx.db, scope, one), listGivenWeights(ctx.db, scope, one)])
  const work = groupBy(rows, (row) => row.experiment_id)
  const hasWeights = (row: ExperimentRow) => isGiven(row) || given.has(row.id)
  const standings = new Map(experiments.map((row) => [row.id, standing(work.get(row.id) ?? [], hasWeights(row))]))
  return { standings, work }
}

/** True for a base or model from outside, which has its weights without a run. */
export const isGiven = (row: ExperimentRow): boolean => row.rootKind === 'external_base' || row.rootKind === 'api_model'

function standing(work: readonly WorkRow[], hasWeights: boolean): ExperimentStanding {
  const found = experimentState(work, hasWeights)
  if (found.state !== 'waiting' && found.state !== 'failed') return found
  const reason = work.find((row) => row.kind === 'train' && row.reason !== null)?.reason
  return reason ? { ...found, detail: reason } : found
}
