import { findArtifact, insertArtifact, insertBlob } from '#src/db/queries/artifacts/artifacts.ts'
import { completeUploadRow, deleteUpload, listParts, type UploadRow } from '#src/db/queries/artifacts/uploads.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { refuseStaleHolder } from '#src/services/runs/refuse-stale.ts'
import { partsOf } from './announce.ts'
import { openUpload } from './open.ts'

export interface CompletedUpload {
  id: string
  sha256: string
  size: number
}

/** Uploads that this process puts together at the moment; one server has the data folder. */
const underWay = new Map<string, Promise<CompletedUpload>>()

/**
 * Puts an upload together: hashes the whole, syncs it, moves it into place, then makes the artifact visible. Completing twice is
 * completing once, also while the first call is at it.
 *
 * @throws Refusal `unprocessable` when parts are missing (it can go on) or size or hash of the whole are not the announced ones
 *   (it must begin anew; nothing is visible); `not_found`, `stale_fence`, `forbidden`
 */
export async function completeUpload(ctx: Context, input: { upload: string }): Promise<CompletedUpload> {
  const { scope, upload, run } = await openUpload(ctx, input.upload)
  await refuseStaleHolder(ctx, scope, run.id)
  if (upload.completedAt !== null) return completed(ctx, scope, upload)
  const first = underWay.get(upload.uid)
  if (first) return first
  const work = putTogether(ctx, scope, upload).finally(() => underWay.delete(upload.uid))
  underWay.set(upload.uid, work)
  return work
}

async function putTogether(ctx: Context, scope: ProjectScope, upload: UploadRow): Promise<CompletedUpload> {
  const { blobs } = ctx.services
  const parts = partsOf(upload)
  const there = new Set((await listParts(ctx.db, scope, upload.id)).map((part) => part.n))
  const missing = Array.from({ length: parts }, (_, i) => i + 1).filter((n) => !there.has(n))
  // Also when somebody else has the same content in place: whoever completes has sent it all.
  if (missing.length > 0)
    throw new Refusal(
      'unprocessable',
      `Parts are missing: ${missing.slice(0, 16).join(', ')}. Send them, then complete.`,
      {
        missing: missing.slice(0, 1000),
      },
    )
  // A crash between moving the blob and writing the row leaves the blob in place and the parts gone.
  const isPlaced = await blobs.has(scope.workspaceId, upload.sha256, upload.sizeBytes)
  if (!isPlaced) {
    const whole = await blobs.assemble(upload.uid, parts)
    if (whole.size !== upload.sizeBytes || whole.sha256 !== upload.sha256) {
      await deleteUpload(ctx.db, scope, upload.id)
      await blobs.discardUpload(upload.uid)
      throw new Refusal(
        'unprocessable',
        `The file arrived with ${whole.size} bytes and SHA-256 ${whole.sha256}; announced were ${upload.sizeBytes} and ${upload.sha256}. Begin a new upload.`,
      )
    }
    await blobs.adopt(scope.workspaceId, upload.uid, upload.sha256)
  }
  const artifact = await inTransaction(ctx, async (tx) => {
    await insertBlob(tx.db, scope, upload.sha256, upload.sizeBytes)
    if (!(await blobs.has(scope.workspaceId, upload.sha256, upload.sizeBytes))) return null
    const row = await insertArtifact(tx.db, scope, {
      uid: upload.artifactUid,
      runId: upload.runId,
      name: upload.name,
      type: upload.type,
      sha256: upload.sha256,
      sizeBytes: upload.sizeBytes,
      key: upload.key,
      step: upload.step,
      createdBy: upload.createdBy,
    })
    await completeUploadRow(tx.db, scope, upload.id)
    return row
  })
  // What was there when this began was collected meanwhile; the parts are there, so they are put together once more.
  if (!artifact && isPlaced) return putTogether(ctx, scope, upload)
  if (!artifact)
    throw new Refusal('unprocessable', 'The file was removed while it was put in place. Begin a new upload.')
  if (isPlaced) await blobs.discardUpload(upload.uid)
  tellState(ctx, scope, upload.runId)
  return { id: artifact.uid, sha256: artifact.sha256, size: artifact.sizeBytes }
}

async function completed(ctx: Context, scope: ProjectScope, upload: UploadRow): Promise<CompletedUpload> {
  const artifact = await findArtifact(ctx.db, scope, upload)
  return { id: artifact?.uid ?? upload.artifactUid, sha256: upload.sha256, size: upload.sizeBytes }
}
