import { findArtifact, insertArtifact, insertBlob, isKnownInProject } from '#src/db/queries/artifacts/artifacts.ts'
import { findOpenUpload, insertUpload } from '#src/db/queries/artifacts/uploads.ts'
import { type ArtifactAnswer, type ArtifactInput, PART_BYTES_MAX } from '#src/protocol/checkpoints.ts'
import { actorName } from '#src/services/actor.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { newUid } from '#src/services/new-uid.ts'
import { openRun } from '#src/services/runs/open.ts'
import { refuseStaleHolder } from '#src/services/runs/refuse-stale.ts'

const PART_BYTES = 16 * 1024 * 1024
const PARTS_MAX = 10_000
/** Room that uploads leave to the database and the log. */
const RESERVED_BYTES = 512 * 1024 * 1024

/**
 * Announces a file of a run. Content that the project has already is linked at once (`exists`); otherwise the answer says into
 * how many parts the upload goes. Announcing an unfinished upload again goes on with it.
 *
 * @throws Refusal `too_large`, `storage_full`, `not_found`, `run_deleted`, `stale_fence`, `forbidden`
 */
export async function announceArtifact(ctx: Context, input: ArtifactInput & { run: string }): Promise<ArtifactAnswer> {
  const { scope, run } = await openRun(ctx, input.run, 'artifact:write')
  await refuseStaleHolder(ctx, scope, run.id)
  const of = { runId: run.id, name: input.name, sha256: input.sha256, sizeBytes: input.size }
  const isStored = await ctx.services.blobs.has(scope.workspaceId, input.sha256, input.size)
  const known = await findArtifact(ctx.db, scope, of)
  if (known && isStored) return { status: 'exists', id: known.uid }
  const isThere = isStored && (await isKnownInProject(ctx.db, scope, input.sha256, input.size))
  const about = { type: input.type, key: input.key ?? null, step: input.step ?? null, createdBy: actorName(ctx.actor) }
  if (isThere) {
    const row = await inTransaction(ctx, async (tx) => {
      await insertBlob(tx.db, scope, input.sha256, input.size)
      // It may have been collected until its address was held: then it is sent again.
      const isStillThere = await ctx.services.blobs.has(scope.workspaceId, input.sha256, input.size)
      return isStillThere ? insertArtifact(tx.db, scope, { ...of, ...about, uid: newUid(ctx) }) : null
    })
    if (row) return { status: 'exists', id: row.uid }
  }
  const begun = await findOpenUpload(ctx.db, scope, of)
  const upload = begun ?? (await insertUpload(ctx.db, scope, { ...of, ...about, ...(await plan(ctx, input.size)) }))
  return {
    status: 'upload',
    id: upload.artifactUid,
    upload: { id: upload.uid, part_size: upload.partSize, parts: partsOf(upload) },
  }
}

/** How many parts an upload has; an empty file has none. */
export const partsOf = (upload: { sizeBytes: number; partSize: number }): number =>
  Math.ceil(upload.sizeBytes / upload.partSize)

async function plan(ctx: Context, size: number) {
  if (size > PART_BYTES_MAX * PARTS_MAX)
    throw new Refusal(
      'too_large',
      `A file of ${size} bytes is too large; at most ${PART_BYTES_MAX * PARTS_MAX} are taken.`,
      {
        limit_bytes: PART_BYTES_MAX * PARTS_MAX,
      },
    )
  const free = await ctx.services.blobs.freeBytes()
  // Its parts and the whole lie side by side while it is put together.
  if (2 * size + RESERVED_BYTES > free)
    throw new Refusal(
      'storage_full',
      `The file has ${size} bytes, and the server has ${free} left. Free space, then try again.`,
      {
        retry_after_s: 60,
      },
    )
  const partSize = Math.min(PART_BYTES_MAX, Math.max(PART_BYTES, Math.ceil(size / PARTS_MAX)))
  return { uid: newUid(ctx), artifactUid: newUid(ctx), partSize }
}
