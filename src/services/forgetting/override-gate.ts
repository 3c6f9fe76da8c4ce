import { isShut } from '#src/core/forgetting/gate.ts'
import { insertGateOverride } from '#src/db/queries/forgetting/gates.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { StageVerdict } from '#src/protocol/forgetting.ts'
import { actorName } from '#src/services/actor.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { wakeClaimers } from '#src/services/jobs/claim-waiters.ts'
import { releaseWaitingJobs } from '#src/services/jobs/release-waiting.ts'
import { type StageVerdictInput, stageVerdictOf } from './verdict.ts'

/**
 * Lets the present checkpoint of a stage pass its shut gate, with the reason: what it held up may start. Another checkpoint of the
 * stage is judged anew.
 *
 * @throws Refusal `conflict` when there is nothing to let pass; `not_found`, `forbidden` for readers and programs
 */
export async function overrideGate(ctx: Context, input: StageVerdictInput & { reason: string }): Promise<StageVerdict> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'experiment:write')
  refusePrograms(ctx, 'experiment:write', 'People let something pass a gate, in the browser or with an admin key.')
  const verdict = await inTransaction(ctx, async (tx) => {
    const { gate } = await stageVerdictOf(tx, scope, project.slug, experiment)
    if (!isShut(gate.state))
      throw new Refusal('conflict', `The gate of ${experiment.name} is open: there is nothing to let pass.`, {
        state: gate.state,
      })
    await letPass(tx, scope, experiment.id, input.reason, gate.why)
    await releaseWaitingJobs(tx, scope, experiment.id)
    return await stageVerdictOf(tx, scope, project.slug, experiment)
  })
  wakeClaimers(ctx.services)
  return verdict
}

/**
 * Notes who let the present checkpoint of a stage pass, and why; in the audit trail too. Within the transaction of what it lets pass.
 *
 * @param why what the gate said against it
 * @throws Refusal `conflict` when the stage has no checkpoint
 */
export async function letPass(
  tx: Context,
  scope: ProjectScope,
  experimentId: number,
  reason: string,
  why: string | null,
): Promise<void> {
  const checkpoint = (await stageCheckpoints(tx, scope, [experimentId])).of.get(experimentId)
  if (!checkpoint)
    throw new Refusal('conflict', 'The stage has no checkpoint yet: there is nothing to let pass.', {
      state: 'waiting',
    })
  await insertGateOverride(tx.db, scope, {
    experimentId,
    checkpointId: checkpoint.id,
    reason,
    createdBy: actorName(tx.actor),
  })
  await audit(tx, {
    workspaceId: scope.workspaceId,
    action: 'gate.override',
    resource: `experiment:${experimentId}`,
    detail: { checkpoint: checkpoint.uid, reason, why },
  })
}
