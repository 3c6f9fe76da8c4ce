import type { Permission } from '#src/core/roles/permissions.ts'
import { type ArtifactRow, locateArtifact } from '#src/db/queries/artifacts/artifacts.ts'
import { locateUpload, type UploadRow } from '#src/db/queries/artifacts/uploads.ts'
import { findRunById } from '#src/db/queries/runs/find-run.ts'
import type { RunRow } from '#src/db/queries/runs/locate-run.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { notFound, Refusal } from '#src/services/errors.ts'
import { openRun } from '#src/services/runs/open.ts'

/**
 * The upload with this outside id, for whoever may write artifacts of its run.
 *
 * @throws Refusal `unauthenticated`, `not_found` (absent and foreign alike), `run_deleted`, `forbidden`
 */
export async function openUpload(
  ctx: Context,
  uid: string,
): Promise<{ scope: ProjectScope; upload: UploadRow; run: RunRow }> {
  const upload = await located(ctx, 'This upload', () => locateUpload(ctx.db, uid))
  const run = await runOf(ctx, upload, 'artifact:write', 'This upload')
  return { scope: projectScope(upload.workspaceId, upload.projectId), upload, run }
}

/**
 * The artifact with this outside id, once `permission` is shown at its run.
 *
 * @throws Refusal `unauthenticated`, `not_found` (absent, deleted and foreign alike), `forbidden`
 */
export async function openArtifact(
  ctx: Context,
  uid: string,
  permission: Permission,
): Promise<{ scope: ProjectScope; artifact: ArtifactRow; run: RunRow }> {
  const artifact = await located(ctx, 'This artifact', () => locateArtifact(ctx.db, uid))
  if (artifact.deletedAt !== null) throw notFound('This artifact')
  const run = await runOf(ctx, artifact, permission, 'This artifact')
  return { scope: projectScope(artifact.workspaceId, artifact.projectId), artifact, run }
}

async function located<Row extends { workspaceId: number; projectId: number }>(
  ctx: Context,
  what: string,
  locate: () => Promise<Row | null>,
): Promise<Row> {
  if (ctx.actor.kind === 'anonymous')
    throw new Refusal('unauthenticated', 'Sign in, or send a key as "Authorization: Bearer …".')
  const row = await locate()
  if (!row || !permissionsIn(ctx.actor, projectScope(row.workspaceId, row.projectId))) throw notFound(what)
  return row
}

async function runOf(
  ctx: Context,
  row: { workspaceId: number; projectId: number; runId: number },
  permission: Permission,
  what: string,
): Promise<RunRow> {
  const run = await findRunById(ctx.db, projectScope(row.workspaceId, row.projectId), row.runId)
  if (!run) throw notFound(what)
  try {
    return (await openRun(ctx, run.uid, permission)).run
  } catch (error) {
    throw error instanceof Refusal && error.code === 'not_found' ? notFound(what) : error
  }
}
