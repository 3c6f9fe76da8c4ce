import type { Readable } from 'node:stream'
import { listArtifacts as readArtifacts } from '#src/db/queries/artifacts/artifacts.ts'
import type { Artifact } from '#src/protocol/checkpoints.ts'
import type { Context } from '#src/services/context.ts'
import { openNamedRun, type RunPlace } from '#src/services/metrics/open-named-run.ts'
import { pageOf, readCursor } from '#src/services/workspaces/cursor.ts'
import { openArtifact } from './open.ts'
import { viewArtifact } from './view.ts'

/** A stored file that a door sends, whole or in part. */
export interface StoredFile {
  name: string
  size: number
  sha256: string
  /** Bytes from `start` to `end` inclusive, all when absent. */
  open(range?: { start: number; end: number }): Promise<Readable>
}

/**
 * An artifact.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getArtifact(ctx: Context, input: { artifact: string }): Promise<Artifact> {
  const { artifact, run } = await openArtifact(ctx, input.artifact, 'artifact:read')
  return viewArtifact(ctx, artifact, run)
}

/**
 * The content of an artifact.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function readArtifact(ctx: Context, input: { artifact: string }): Promise<StoredFile> {
  const { scope, artifact } = await openArtifact(ctx, input.artifact, 'artifact:read')
  const { name, sha256, sizeBytes } = artifact
  return { name, sha256, size: sizeBytes, open: (range) => ctx.services.blobs.open(scope.workspaceId, sha256, range) }
}

/**
 * Artifacts of a run in the order in which they came.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for a bad cursor
 */
export async function listArtifacts(
  ctx: Context,
  input: RunPlace & { limit?: number; cursor?: string | undefined },
): Promise<{ items: Artifact[]; next_cursor?: string }> {
  const { scope, run } = await openNamedRun(ctx, input, 'artifact:read')
  const limit = input.limit ?? 100
  const rows = await readArtifacts(ctx.db, scope, run.id, { limit: limit + 1, after: readCursor(input.cursor) })
  return pageOf(
    rows,
    limit,
    (row) => row.artifact.id,
    (row) => viewArtifact(ctx, row.artifact, run),
  )
}
