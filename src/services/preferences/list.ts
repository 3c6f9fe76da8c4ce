import { instantOf, instantOrNull } from '#src/db/queries/instant.ts'
import { listBattles } from '#src/db/queries/preferences/list-battles.ts'
import type { Battle } from '#src/protocol/preferences.ts'
import type { Context } from '#src/services/context.ts'
import { pageOf, readCursor } from '#src/services/workspaces/cursor.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { sidesById } from './sides.ts'

/**
 * Battles of a project, the newest first.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for a bad cursor
 */
export async function listBattlesOfProject(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; limit?: number; cursor?: string | undefined },
): Promise<{ items: Battle[]; next_cursor?: string }> {
  const { scope } = await openProject(ctx, input, 'eval:read')
  const limit = input.limit ?? 100
  const rows = await listBattles(ctx.db, scope, { before: readCursor(input.cursor) ?? null, limit: limit + 1 })
  const ids = rows.flatMap((row) => [row.checkpointA ?? [], row.checkpointB ?? []].flat())
  const sides = await sidesById(ctx, scope, [...new Set(ids)])
  const nameOf = (checkpoint: number | null, model: string | null) =>
    model ?? (checkpoint === null ? '' : (sides.get(checkpoint)?.uid ?? ''))
  return pageOf(
    rows,
    limit,
    (row) => row.id,
    (row) => ({
      id: row.name,
      a: nameOf(row.checkpointA, row.modelA),
      b: nameOf(row.checkpointB, row.modelB),
      winner: row.winner,
      prompt: row.prompt,
      category: row.category,
      rater: row.rater,
      rater_kind: row.raterKind,
      judge_prompt: row.judgePrompt,
      first: row.first,
      length_a: row.lengthA,
      length_b: row.lengthB,
      judged_at: instantOrNull(row.judgedAt),
      created_at: instantOf(row.createdAt),
      created_by: row.createdBy,
    }),
  )
}
