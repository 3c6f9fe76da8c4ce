import { deletePart, listParts, savePart } from '#src/db/queries/artifacts/uploads.ts'
import type { UploadState } from '#src/protocol/checkpoints.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { refuseStaleHolder } from '#src/services/runs/refuse-stale.ts'
import { partsOf } from './announce.ts'
import { openUpload } from './open.ts'

export interface PutPartInput {
  upload: string
  /** From 1. */
  n: number
  body: AsyncIterable<Uint8Array>
  /** Content-Length as announced; null: not announced. */
  length: number | null
  /** X-Content-SHA256 of the part; null: not given. */
  sha256: string | null
}

/**
 * Takes one part of an upload to disk as it comes; parts come in any order, a part that comes again replaces the first.
 *
 * @throws Refusal `invalid_request` for a number or length that the upload does not have; `unprocessable` when size or hash are
 *   not the announced ones; `too_large`; `conflict` once it is complete; `not_found`, `run_deleted`, `stale_fence`, `forbidden`
 */
export async function putPart(ctx: Context, input: PutPartInput): Promise<{ n: number; size: number }> {
  const { scope, upload, run } = await openUpload(ctx, input.upload)
  await refuseStaleHolder(ctx, scope, run.id)
  if (upload.completedAt !== null) throw new Refusal('conflict', 'This upload is complete; its parts do not change.')
  const parts = partsOf(upload)
  if (input.n > parts) throw invalid('/path/n', `The upload has ${parts} parts; there is no part ${input.n}.`)
  const expected = input.n < parts ? upload.partSize : upload.sizeBytes - (parts - 1) * upload.partSize
  if (input.length !== null && input.length !== expected)
    throw invalid(
      '/headers/content-length',
      `Part ${input.n} has ${expected} bytes; Content-Length says ${input.length}.`,
    )
  const written = await ctx.services.blobs.writePart(upload.uid, input.n, input.body, expected)
  if (written.size !== expected || (input.sha256 !== null && written.sha256 !== input.sha256)) {
    await deletePart(ctx.db, scope, upload.id, input.n)
    throw new Refusal(
      'unprocessable',
      written.size === expected
        ? `Part ${input.n} arrived with SHA-256 ${written.sha256}, not ${input.sha256}; send it again.`
        : `Part ${input.n} has ${expected} bytes; ${written.size} arrived. Send it again.`,
    )
  }
  await savePart(ctx.db, scope, { uploadId: upload.id, n: input.n, sizeBytes: written.size, sha256: written.sha256 })
  return { n: input.n, size: written.size }
}

/**
 * The parts of an upload that are durable, to go on with after any interruption.
 *
 * @throws Refusal `not_found`, `run_deleted`, `forbidden`
 */
export async function getUpload(ctx: Context, input: { upload: string }): Promise<UploadState> {
  const { scope, upload } = await openUpload(ctx, input.upload)
  return {
    id: upload.uid,
    part_size: upload.partSize,
    parts: await listParts(ctx.db, scope, upload.id),
    complete: upload.completedAt !== null,
  }
}
