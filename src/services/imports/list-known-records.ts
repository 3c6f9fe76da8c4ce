import { listKnownRecords as readKnownRecords } from '#src/db/queries/imports/list-known-records.ts'
import type { KnownRecords } from '#src/protocol/imports.ts'
import { openCheckpoint } from '#src/services/checkpoints/open.ts'
import type { Context } from '#src/services/context.ts'

/**
 * Which records of a file, by the SHA-256 of its content, a checkpoint has as evaluations already, so that a second import sends
 * nothing twice.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listKnownRecords(
  ctx: Context,
  input: { checkpoint: string; sha256: string },
): Promise<KnownRecords> {
  const { scope, checkpoint } = await openCheckpoint(ctx, input.checkpoint, 'eval:write')
  return { items: await readKnownRecords(ctx.db, scope, checkpoint.id, input.sha256) }
}
