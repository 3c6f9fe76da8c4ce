import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Hashes of items, hexadecimal, in parallel to their ids. */
export interface ItemHashes {
  itemIds: readonly string[]
  hashes: readonly string[]
}

/** Of these, the places (0, 1, …) of those that the benchmark does not have yet. */
export async function findNewHashes(
  db: Handle,
  scope: Scope,
  benchmarkId: number,
  { itemIds, hashes }: ItemHashes,
): Promise<Set<number>> {
  const rows = await db.execute<{ place: number }>(sql`
    select (w.place - 1)::int as place
    from unnest(${sql.param([...itemIds])}::text[], ${sql.param([...hashes])}::text[]) with ordinality as w(item_id, hash, place)
    where not exists (
      select from item_hashes h
      where h.workspace_id = ${scope.workspaceId} and h.benchmark_id = ${benchmarkId} and h.item_id = w.item_id
        and h.hash = decode(w.hash, 'hex'))`)
  return new Set(rows.map(({ place }) => place))
}

/** Keeps hashes of items; those that are there stay. */
export async function insertItemHashes(
  db: Handle,
  scope: Scope,
  benchmarkId: number,
  { itemIds, hashes }: ItemHashes,
): Promise<void> {
  await db.execute(sql`
    insert into item_hashes (workspace_id, benchmark_id, item_id, hash)
    select ${scope.workspaceId}::int, ${benchmarkId}::bigint, w.item_id, decode(w.hash, 'hex')
    from unnest(${sql.param([...itemIds])}::text[], ${sql.param([...hashes])}::text[]) as w(item_id, hash)
    order by 3, 4
    on conflict do nothing`)
}
