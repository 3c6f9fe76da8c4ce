import { isShut } from '#src/core/forgetting/gate.ts'
import { insertGateOverride } from '#src/db/queries/forgetting/gates.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { GateOverrideInput, StageVerdict } from '#src/protocol/forgetting.ts'
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
 * @throws Refusal `conflict` when there is nothing to let pass, and when another checkpoint than the named one stands for the stage by
 *   now; `not_found`, `forbidden` for readers and programs
 */
export async function overrideGate(ctx: Context, input: StageVerdictInput & GateOverrideInput): Promise<StageVerdict> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'experiment:write')
  refusePrograms(ctx, 'experiment:write', 'People let something pass a gate, in the browser or with an admin key.')
  const verdict = await inTransaction(ctx, async (tx) => {
    const judged = await stageVerdictOf(tx, scope, project.slug, experiment)
    if (input.checkpoint !== undefined && input.checkpoint !== judged.checkpoint?.id) throw otherCheckpoint(judged)
    if (!isShut(judged.gate.state))
      throw new Refusal('conflict', `The gate of ${experiment.name} is open: there is nothing to let pass.`, {
        state: judged.gate.state,
      })
    await letPass(tx, scope, experiment.id, input.reason, judged)
    await releaseWaitingJobs(tx, scope, experiment.id)
    return await stageVerdictOf(tx, scope, project.slug, experiment)
  })
  wakeClaimers(ctx.services)
  return verdict
}

/**
 * Notes who let the present checkpoint of a stage pass, and why; in the audit trail too. Within the transaction of what it lets pass.
 *
 * @param judged what the gate said against it
 * @throws Refusal `conflict` when the stage has no checkpoint, and when another one has taken the place of the judged one
 */
export async function letPass(
  tx: Context,
  scope: ProjectScope,
  experimentId: number,
  reason: string,
  judged: StageVerdict,
): Promise<void> {
  const checkpoint = (await stageCheckpoints(tx, scope, [experimentId])).of.get(experimentId)
  if (!checkpoint)
    throw new Refusal('conflict', 'The stage has no checkpoint yet: there is nothing to let pass.', {
      state: 'waiting',
    })
  if (checkpoint.uid !== judged.checkpoint?.id) throw otherCheckpoint(judged)
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
    detail: { checkpoint: checkpoint.uid, reason, why: judged.gate.why },
  })
}

function otherCheckpoint({ experiment, gate }: StageVerdict): Refusal {
  const message = `Another checkpoint stands for ${experiment.name} by now. Look at what that one lost, then let it pass.`
  return new Refusal('conflict', message, { state: gate.state, errors: [{ pointer: '/checkpoint', message }] })
}
