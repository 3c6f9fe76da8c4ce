import { listCheckpointFiles } from '#src/db/queries/agents/list-checkpoint-files.ts'
import { listResumeCheckpoints } from '#src/db/queries/agents/list-resume-checkpoints.ts'
import type { Scope } from '#src/db/scope.ts'
import type { CheckpointFile } from '#src/protocol/checkpoints.ts'
import type { Context } from '#src/services/context.ts'
import { fileAddress } from '#src/services/workspaces/addresses.ts'

/** The files of a checkpoint as a client fetches them. */
export async function filesOf(ctx: Context, scope: Scope, id: number, uid: string): Promise<CheckpointFile[]> {
  const files = await listCheckpointFiles(ctx.db, scope, id)
  return files.map((file) => ({ ...file, url: fileAddress(ctx, uid, file.name) }))
}

/**
 * Reads the files of a checkpoint that an agent could not verify; what is damaged here counts as absent from then on.
 *
 * @returns whether all of it is sound, so that the fault lies on the way or at the agent
 */
export async function isSound(ctx: Context, scope: Scope, id: number): Promise<boolean> {
  let sound = true
  for (const { sha256 } of await listCheckpointFiles(ctx.db, scope, id))
    sound = (await ctx.services.blobs.examine(scope.workspaceId, sha256)) && sound
  return sound
}

/** The newest committed checkpoint of a run whose files are all there; null: the attempt starts from the beginning. */
export async function resumeFrom(
  ctx: Context,
  scope: Scope,
  runId: number,
): Promise<{ id: number; uid: string; step: number } | null> {
  for (const checkpoint of await listResumeCheckpoints(ctx.db, scope, runId)) {
    const files = await listCheckpointFiles(ctx.db, scope, checkpoint.id)
    const there = await Promise.all(
      files.map((file) => ctx.services.blobs.has(scope.workspaceId, file.sha256, file.size)),
    )
    if (files.length > 0 && there.every(Boolean)) return checkpoint
  }
  return null
}
