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

/** An item of a benchmark that a row of training data shares. */
export interface OverlapRow extends Record<string, unknown> {
  itemId: string
  datasetVersionId: number
  /** One of the rows. */
  rowId: string
}

/**
 * Items of a benchmark that rows of these data sets share, by item. A hash that more than `commonMax` items have stands in the
 * template or the worked examples and says nothing of an item.
 *
 * @param evaluationIds only items of these evaluations
 */
export async function listOverlaps(
  db: Handle,
  scope: Scope,
  of: {
    benchmarkId: number
    evaluationIds: readonly number[]
    datasetVersionIds: readonly number[]
    commonMax: number
  },
): Promise<OverlapRow[]> {
  if (of.evaluationIds.length === 0 || of.datasetVersionIds.length === 0) return []
  return await db.execute<OverlapRow>(sql`
    with asked as (
      select distinct i.id
      from packed_items p join item_lists l on l.id = p.list_id cross join lateral jsonb_array_elements_text(l.ids) as i(id)
      where p.workspace_id = ${scope.workspaceId} and p.evaluation_id in ${[...of.evaluationIds]}
    ), telling as (
      select hash from item_hashes
      where workspace_id = ${scope.workspaceId} and benchmark_id = ${of.benchmarkId}
      group by hash having count(*) <= ${of.commonMax}
    )
    select h.item_id as "itemId", t.dataset_version_id as "datasetVersionId", min(t.row_id) as "rowId"
    from item_hashes h
    join telling on telling.hash = h.hash
    join training_hashes t on t.hash = h.hash and t.dataset_version_id in ${[...of.datasetVersionIds]}
    where h.workspace_id = ${scope.workspaceId} and h.benchmark_id = ${of.benchmarkId} and h.item_id in (select id from asked)
    group by h.item_id, t.dataset_version_id
    order by h.item_id, t.dataset_version_id`)
}

/** How many items of an evaluation have a hash. */
export async function countHashedItems(
  db: Handle,
  scope: Scope,
  of: { benchmarkId: number; evaluationId: number },
): Promise<number> {
  const [row] = await db.execute<{ n: number }>(sql`
    select count(distinct i.id)::int as n
    from packed_items p join item_lists l on l.id = p.list_id cross join lateral jsonb_array_elements_text(l.ids) as i(id)
    where p.workspace_id = ${scope.workspaceId} and p.evaluation_id = ${of.evaluationId}
      and exists (select from item_hashes h where h.benchmark_id = ${of.benchmarkId} and h.item_id = i.id)`)
  return row?.n ?? 0
}
