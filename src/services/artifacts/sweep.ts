import { deleteOldUploads } from '#src/db/queries/artifacts/uploads.ts'
import type { Context } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'

const UPLOAD_LIFE_MS = 24 * 60 * 60 * 1000

/** Removes uploads that began more than 24 hours ago, with their parts; for the clock. Answers how many. */
export async function sweepUploads(ctx: Context): Promise<number> {
  invariant(ctx.actor.kind === 'clock' || ctx.actor.kind === 'operator', 'only the clock sweeps')
  const before = new Date(ctx.services.now().getTime() - UPLOAD_LIFE_MS).toISOString()
  const swept = await deleteOldUploads(ctx.db, before)
  for (const upload of swept) await ctx.services.blobs.discardUpload(upload)
  return swept.length
}
