import { findCheckpoint } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import { lockCheckpoint } from '#src/db/queries/checkpoints/lock-checkpoint.ts'
import { pinCheckpoint } from '#src/db/queries/experiments/pin-checkpoint.ts'
import { projectScope, type Scope } from '#src/db/scope.ts'
import type { PinAnswer } from '#src/protocol/checkpoints.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, notFound } from '#src/services/errors.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { stageCheckpoints } from './of-stage.ts'

export interface PinInput {
  workspace?: string | undefined
  project: string
  experiment: number | string
  /** Null: nothing is pinned any more, and the rule chooses. */
  checkpoint: string | null
}

/**
 * Pins the checkpoint of a stage, or takes the pin away. Pinning what is pinned changes nothing.
 *
 * @throws Refusal `not_found` for experiment or checkpoint, absent, deleted and foreign alike; `invalid_request` for a checkpoint of
 *   another experiment; `forbidden` for readers and programs
 */
export async function pinStageCheckpoint(ctx: Context, input: PinInput): Promise<PinAnswer> {
  const { scope, experiment } = await openExperiment(ctx, input, 'experiment:write')
  refusePrograms(
    ctx,
    'experiment:write',
    'People pin the checkpoint of a stage, in the browser or with an admin key; an ingest key does not.',
  )
  const checkpointId = input.checkpoint === null ? null : await reach(ctx, scope, input.checkpoint)
  await inTransaction(ctx, async (tx) => {
    if (checkpointId !== null) {
      const held = await lockCheckpoint(tx.db, scope, checkpointId)
      if (held.deletedAt !== null) throw notFound('The checkpoint')
      if (held.experimentId !== experiment.id)
        throw invalid(
          '/checkpoint',
          `The checkpoint ${input.checkpoint} is not one of ${experiment.slug} (#${experiment.number}); pin one of its own.`,
        )
    }
    if (experiment.pinnedCheckpointId === checkpointId) return
    await pinCheckpoint(tx.db, scope, experiment.id, checkpointId)
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: checkpointId === null ? 'checkpoint.unpin' : 'checkpoint.pin',
      resource: `experiment:${experiment.id}`,
      detail: { experiment: experiment.number, checkpoint: input.checkpoint },
    })
  })
  const stage = (await stageCheckpoints(ctx, scope, [experiment.id])).of.get(experiment.id)
  return {
    pinned: input.checkpoint,
    of_stage: stage ? { id: stage.uid, step: stage.step, why: stage.why } : null,
  }
}

async function reach(ctx: Context, scope: Scope, uid: string): Promise<number> {
  const found = await findCheckpoint(ctx.db, scope, uid)
  if (!found || !permissionsIn(ctx.actor, projectScope(found.workspaceId, found.projectId)))
    throw notFound('The checkpoint')
  return found.id
}
