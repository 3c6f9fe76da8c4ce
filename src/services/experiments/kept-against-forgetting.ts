/** What the records of stages say was done against forgetting, and whether a stage can be undone. */
import { mitigationsOf, type ToldMitigations } from '#src/core/experiments/mitigations.ts'
import { isReversible } from '#src/core/experiments/reversible.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import type { MixtureRow } from '#src/db/queries/experiments/list-mixtures.ts'
import { listEdgeKinds } from '#src/db/queries/lineage/list-edge-kinds.ts'
import { listSpeakingRuns } from '#src/db/queries/runs/list-speaking-runs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'

export interface KeptAgainstForgetting {
  mitigations: ToldMitigations
  reversible: boolean
}

/** Of stages by id, from their mixtures, methods, edges and the configs of the runs that speak for them. */
export async function keptAgainstForgetting(
  ctx: Context,
  scope: Scope,
  rows: readonly ExperimentRow[],
  mixtures: readonly MixtureRow[],
): Promise<(row: ExperimentRow) => KeptAgainstForgetting> {
  const ids = rows.map((row) => row.id)
  const [edges, runs] = await Promise.all([listEdgeKinds(ctx.db, scope, ids), listSpeakingRuns(ctx.db, scope, ids)])
  const sources = groupBy(mixtures, (source) => source.experimentId)
  const configs = new Map(runs.map((run) => [run.experiment_id, run.config]))
  return (row) => {
    const { stageKind, method, adapter } = row
    const kinds = edges.get(row.id) ?? []
    const mixture = (sources.get(row.id) ?? []).map(({ role, share }) => ({ role, share: Number(share) }))
    const config = configs.get(row.id) ?? null
    return {
      mitigations: mitigationsOf(row.mitigations, { stageKind, method, adapter, mixture, edges: kinds, config }),
      reversible: isReversible({ method, adapter, edges: kinds }),
    }
  }
}
