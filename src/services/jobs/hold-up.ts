import { isShut } from '#src/core/forgetting/gate.ts'
import { listHoldingStages } from '#src/db/queries/agents/list-holding-stages.ts'
import { forgetHeldJobs, tellHeldJobs } from '#src/db/queries/agents/tell-held-jobs.ts'
import { listExperimentsByIds } from '#src/db/queries/experiments/list-by-ids.ts'
import { projectScope, type Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { stageVerdictOf } from '#src/services/forgetting/verdict.ts'

/**
 * Looks at every gate that training waits for; jobs behind a shut one learn why, and those that wait for no gate any more forget it.
 * The scope must be proven.
 *
 * @param experimentId only the gates of this stage and of what else the jobs behind it wait for; all of the workspace when absent
 * @returns stages whose gate is shut, though their checkpoint is there
 */
export async function holdUp(ctx: Context, scope: Scope, experimentId?: number): Promise<number[]> {
  const stages = await listExperimentsByIds(ctx.db, scope, await listHoldingStages(ctx.db, scope, experimentId))
  const shut = new Map<number, string>()
  for (const stage of stages) {
    const { checkpoint, gate } = await stageVerdictOf(
      ctx,
      projectScope(scope.workspaceId, stage.projectId),
      stage.project,
      stage,
    )
    if (checkpoint && isShut(gate.state))
      shut.set(stage.id, `Held up by the gate of ${stage.name} #${stage.number}: ${gate.why}.`)
  }
  const ids = [...shut.keys()]
  await forgetHeldJobs(ctx.db, scope, { experimentId, shut: ids })
  for (const [id, reason] of shut) await tellHeldJobs(ctx.db, scope, id, reason)
  return ids
}
