import { and, eq, inArray } from 'drizzle-orm'
import type { ItemList } from '#src/core/evaluations/packed-items.ts'
import { itemLists, packedItems } from '#src/db/schema/evaluations.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Keeps what came out for the items of an evaluation. */
export async function savePackedItems(
  db: Handle,
  scope: Scope,
  evaluationId: number,
  packed: { listId: number; bytes: Uint8Array },
): Promise<void> {
  const row = { listId: packed.listId, bytes: Buffer.from(packed.bytes) }
  await db
    .insert(packedItems)
    .values({ ...row, workspaceId: scope.workspaceId, evaluationId })
    .onConflictDoUpdate({ target: packedItems.evaluationId, set: row })
}

/** The id of a list of items of a benchmark by its SHA-256; made on first use. */
export async function ensureItemList(
  db: Handle,
  scope: Scope,
  benchmarkId: number,
  sha256: string,
  list: ItemList,
): Promise<number> {
  const find = () =>
    db
      .select({ id: itemLists.id })
      .from(itemLists)
      .where(
        and(
          eq(itemLists.workspaceId, scope.workspaceId),
          eq(itemLists.benchmarkId, benchmarkId),
          eq(itemLists.sha256, sha256),
        ),
      )
  const [known] = await find()
  if (known) return known.id
  await db
    .insert(itemLists)
    .values({ ...list, workspaceId: scope.workspaceId, benchmarkId, sha256, n: list.ids.length })
    .onConflictDoNothing()
  const [made] = await find()
  if (!made) throw new Error('a list of items that was just made has gone')
  return made.id
}

/** Packed items of evaluations as they were stored; evaluations without items are absent. */
export async function listPackedItems(
  db: Handle,
  scope: Scope,
  evaluationIds: readonly number[],
): Promise<Map<number, { listId: number; bytes: Uint8Array }>> {
  if (evaluationIds.length === 0) return new Map()
  const rows = await db
    .select({ evaluationId: packedItems.evaluationId, listId: packedItems.listId, bytes: packedItems.bytes })
    .from(packedItems)
    .where(and(eq(packedItems.workspaceId, scope.workspaceId), inArray(packedItems.evaluationId, [...evaluationIds])))
  return new Map(rows.map(({ evaluationId, listId, bytes }) => [evaluationId, { listId, bytes }]))
}

/** Lists of items by their ids. */
export async function listItemLists(db: Handle, scope: Scope, ids: readonly number[]): Promise<Map<number, ItemList>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: itemLists.id, ids: itemLists.ids, trials: itemLists.trials, clusters: itemLists.clusters })
    .from(itemLists)
    .where(and(eq(itemLists.workspaceId, scope.workspaceId), inArray(itemLists.id, [...ids])))
  return new Map(rows.map(({ id, ...list }) => [id, list]))
}
