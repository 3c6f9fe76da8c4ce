import { sql } from 'drizzle-orm'
import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface SamplePair extends Record<string, unknown> {
  before_id: number
  after_id: number
  before: EvaluationItem
  after: EvaluationItem
}

/**
 * Items with prompt and output that both evaluations of a pair have: those whose verdict or output changed first, at most
 * `perPair` of each.
 */
export async function listSamplePairs(
  db: Handle,
  scope: Scope,
  pairs: readonly { before: number; after: number }[],
  perPair: number,
): Promise<SamplePair[]> {
  if (pairs.length === 0) return []
  const verdict = (alias: string) =>
    sql.raw(
      `coalesce(${alias}.item->>'score', case when ${alias}.item ? 'pred' then (${alias}.item->>'pred' = ${alias}.item->>'gold')::text end)`,
    )
  return await db.execute<SamplePair>(sql`
    with pair as (
      select * from unnest(${sql.param(pairs.map((p) => p.before))}::bigint[], ${sql.param(pairs.map((p) => p.after))}::bigint[])
        as pair(before_id, after_id)
    ), item as (
      select p.evaluation_id, p.part, i.n, i.item
      from evaluation_items p cross join lateral jsonb_array_elements(p.items) with ordinality as i(item, n)
      where p.workspace_id = ${scope.workspaceId} and i.item ? 'prompt' and i.item ? 'output'
        and p.evaluation_id in (select before_id from pair union select after_id from pair)
    ), ranked as (
      select pair.before_id, pair.after_id, b.item as before, a.item as after, row_number() over (
        partition by pair.after_id
        order by (${verdict('b')} is distinct from ${verdict('a')}) desc, (b.item->>'output' is distinct from a.item->>'output') desc,
          a.part, a.n) as place
      from pair
      join item a on a.evaluation_id = pair.after_id
      join item b on b.evaluation_id = pair.before_id and b.item->>'id' = a.item->>'id'
        and coalesce(b.item->>'trial', '') = coalesce(a.item->>'trial', '')
    )
    select before_id, after_id, before, after from ranked where place <= ${perPair} order by after_id, place`)
}
