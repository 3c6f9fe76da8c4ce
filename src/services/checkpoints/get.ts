import { findCheckpointFile } from '#src/db/queries/checkpoints/find-file.ts'
import { listCheckpoints as readCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Checkpoint } from '#src/protocol/checkpoints.ts'
import type { StoredFile } from '#src/services/artifacts/read.ts'
import type { Context } from '#src/services/context.ts'
import { invariant, notFound } from '#src/services/errors.ts'
import { openNamedRun, type RunPlace } from '#src/services/metrics/open-named-run.ts'
import { openCheckpoint } from './open.ts'
import { viewCheckpoints } from './view.ts'

/**
 * A checkpoint with its files; one that was deleted still answers, with `deleted_at`.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getCheckpoint(ctx: Context, input: { checkpoint: string }): Promise<Checkpoint> {
  const { scope, checkpoint } = await openCheckpoint(ctx, input.checkpoint, 'checkpoint:read', { deleted: 'allow' })
  return viewCheckpointById(ctx, scope, checkpoint.id)
}

/**
 * Checkpoints of a run, the furthest step first, at most 1,000.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listCheckpoints(ctx: Context, input: RunPlace): Promise<{ items: Checkpoint[] }> {
  const { scope, run } = await openNamedRun(ctx, input, 'checkpoint:read')
  return { items: await viewCheckpoints(ctx, scope, await readCheckpoints(ctx.db, scope, { runId: run.id })) }
}

/**
 * The content of a file of a checkpoint.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function readCheckpointFile(
  ctx: Context,
  input: { checkpoint: string; name: string },
): Promise<StoredFile> {
  const { scope, checkpoint } = await openCheckpoint(ctx, input.checkpoint, 'checkpoint:read')
  const file = await findCheckpointFile(ctx.db, scope, checkpoint.id, input.name)
  if (!file || !(await ctx.services.blobs.has(scope.workspaceId, file.sha256, file.size)))
    throw notFound(`The file "${input.name}" of this checkpoint`)
  return { ...file, open: (range) => ctx.services.blobs.open(scope.workspaceId, file.sha256, range) }
}

/** One checkpoint of a proven place as every door shows it. */
export async function viewCheckpointById(ctx: Context, scope: ProjectScope, id: number): Promise<Checkpoint> {
  const [view] = await viewCheckpoints(ctx, scope, await readCheckpoints(ctx.db, scope, { ids: [id] }))
  invariant(view, 'a proven checkpoint is there')
  return view
}
