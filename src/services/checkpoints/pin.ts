import { isShut } from '#src/core/forgetting/gate.ts'
import { findCheckpoint } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import { lockCheckpoint } from '#src/db/queries/checkpoints/lock-checkpoint.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { pinCheckpoint } from '#src/db/queries/experiments/pin-checkpoint.ts'
import { type ProjectScope, projectScope, type Scope } from '#src/db/scope.ts'
import type { PinAnswer } from '#src/protocol/checkpoints.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, notFound } from '#src/services/errors.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { gateRefusal } from '#src/services/forgetting/check-gate.ts'
import { letPass } from '#src/services/forgetting/override-gate.ts'
import { stageVerdictOf } from '#src/services/forgetting/verdict.ts'
import { stageCheckpoints } from './of-stage.ts'

export interface PinInput {
  workspace?: string | undefined
  project: string
  experiment: number | string
  /** Null: nothing is pinned any more, and the rule chooses. */
  checkpoint: string | null
  /** Why it may be pinned although the gate of its stage is shut. */
  override?: string | undefined
}

/**
 * Pins the checkpoint of a stage, or takes the pin away. Pinning what is pinned changes nothing.
 *
 * @throws Refusal `not_found` for experiment or checkpoint, absent, deleted and foreign alike; `invalid_request` for a checkpoint of
 *   another experiment; `conflict` when the stage holds up what follows and its gate is shut for this checkpoint, without an override;
 *   `forbidden` for readers and programs
 */
export async function pinStageCheckpoint(ctx: Context, input: PinInput): Promise<PinAnswer> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'experiment:write')
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
    // Judged as the checkpoint of its stage, which it is from here on; a refusal takes the pin back.
    if (checkpointId !== null) await passGate(tx, scope, project.slug, experiment, input.override)
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

async function passGate(
  tx: Context,
  scope: ProjectScope,
  project: string,
  experiment: ExperimentRow,
  override: string | undefined,
): Promise<void> {
  const verdict = await stageVerdictOf(tx, scope, project, experiment)
  if (!verdict.budget.holds || !isShut(verdict.gate.state)) return
  if (override !== undefined) return letPass(tx, scope, experiment.id, override, verdict)
  throw gateRefusal(
    verdict,
    'Pin another checkpoint, set another budget, or send override with the reason why it may pass.',
    { errors: [{ pointer: '/override', message: 'Why this checkpoint may be pinned behind a shut gate.' }] },
  )
}

async function reach(ctx: Context, scope: Scope, uid: string): Promise<number> {
  const found = await findCheckpoint(ctx.db, scope, uid)
  if (!found || !permissionsIn(ctx.actor, projectScope(found.workspaceId, found.projectId)))
    throw notFound('The checkpoint')
  return found.id
}
