import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import { numbers } from '../array-literal.ts'
import type { Handle } from '../handle.ts'

export interface ItemTags {
  id: string
  tags: Record<string, string>
}

/** The labels of the items of evaluations, by evaluation id; items without any are left out. */
export async function listItemTags(
  db: Handle,
  scope: Scope,
  evaluationIds: readonly number[],
): Promise<Map<number, ItemTags[]>> {
  if (evaluationIds.length === 0) return new Map()
  const rows = await db.execute<{ evaluation_id: number; items: ItemTags[] }>(sql`
    select p.evaluation_id, json_agg(json_build_object('id', i.item->>'id', 'tags', i.item->'tags')) as items
    from evaluation_items p cross join lateral jsonb_array_elements(p.items) as i(item)
    where p.workspace_id = ${scope.workspaceId} and p.evaluation_id = any(${numbers(evaluationIds)}::bigint[])
      and i.item ? 'tags'
    group by p.evaluation_id`)
  return new Map(rows.map((row) => [row.evaluation_id, row.items]))
}
