import { type CheckpointWhy, checkpointOfStage } from '#src/core/checkpoints/checkpoint-of-stage.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { listStageChoices } from '#src/db/queries/checkpoints/list-stage-choices.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'

export interface StageCheckpoint {
  id: number
  uid: string
  experimentId: number
  runId: number | null
  step: number
  tokens: number | null
  why: CheckpointWhy
}

/** The checkpoint of each stage that has one, and how many each stage has in all. */
export async function stageCheckpoints(
  ctx: Context,
  scope: Scope,
  experimentIds: readonly number[],
): Promise<{ of: Map<number, StageCheckpoint>; totals: Map<number, number> }> {
  const rows = await listStageChoices(ctx.db, scope, experimentIds)
  const of = new Map<number, StageCheckpoint>()
  const totals = new Map<number, number>()
  for (const [experimentId, choices] of groupBy(rows, (row) => row.experiment_id)) {
    totals.set(experimentId, choices[0]?.total ?? 0)
    const finished = choices.filter((c) => c.finished_rank !== null && c.run_id !== null)
    const chosen = checkpointOfStage({
      pinned: choices.find((c) => c.is_pinned)?.id ?? null,
      childStarts: choices.filter((c) => c.is_start).map((c) => c.id),
      finishedRuns: finished
        .sort((a, b) => (a.finished_rank ?? 0) - (b.finished_rank ?? 0))
        .map((c) => c.run_id as number),
      checkpoints: choices.map((c) => ({
        id: c.id,
        runId: c.run_id,
        attempt: c.attempt,
        step: c.step,
        createdAtMs: millisOf(c.created_at),
      })),
    })
    const row = chosen && choices.find((c) => c.id === chosen.id)
    if (chosen && row)
      of.set(experimentId, {
        id: row.id,
        uid: row.uid,
        experimentId,
        runId: row.run_id,
        step: row.step,
        tokens: row.tokens,
        why: chosen.why,
      })
  }
  return { of, totals }
}
