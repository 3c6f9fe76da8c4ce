import { listSides, type SideRow } from '#src/db/queries/preferences/list-sides.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i

/** The outside id that a side of a battle names; null for a model's name. */
export function checkpointNamed(side: string): string | null {
  if (!UUID.test(side)) return null
  return side
    .replaceAll('-', '')
    .toLowerCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Checkpoints of the project by their outside ids, deleted ones too. */
export async function sidesByUid(
  ctx: Context,
  scope: ProjectScope,
  uids: readonly string[],
): Promise<ReadonlyMap<string, SideRow>> {
  return new Map((await listSides(ctx.db, scope, { uids })).map((row) => [row.uid, row]))
}

/** Checkpoints of the project by their ids inside, deleted ones too. */
export async function sidesById(
  ctx: Context,
  scope: ProjectScope,
  ids: readonly number[],
): Promise<ReadonlyMap<number, SideRow>> {
  return new Map((await listSides(ctx.db, scope, { ids })).map((row) => [row.id, row]))
}
