import { listMedia as readMedia } from '#src/db/queries/artifacts/list-media.ts'
import type { MediaList } from '#src/protocol/checkpoints.ts'
import type { Context } from '#src/services/context.ts'
import { openNamedRun, type RunPlace } from '#src/services/metrics/open-named-run.ts'

/** More would not be stepped through; keys that come late in the alphabet are cut first, and the answer says so. */
const MEDIA_MAX = 20_000

/**
 * What a run logged beside numbers, by key and step.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listMedia(ctx: Context, input: RunPlace): Promise<MediaList> {
  const { scope, run } = await openNamedRun(ctx, input, 'artifact:read')
  const rows = await readMedia(ctx.db, scope, run.id, MEDIA_MAX + 1)
  return {
    items: rows.slice(0, MEDIA_MAX).map((row) => ({
      id: row.uid,
      key: row.key ?? '',
      step: row.step ?? 0,
      type: row.type,
      name: row.name,
      size: row.sizeBytes,
    })),
    more: rows.length > MEDIA_MAX,
  }
}
