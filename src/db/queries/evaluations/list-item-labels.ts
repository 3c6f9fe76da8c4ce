import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import { numbers } from '../array-literal.ts'
import type { Handle } from '../handle.ts'

export interface ItemLabel {
  id: string
  value: string
}

/** One label of the items of evaluations, by evaluation id; items and evaluations without it are left out. */
export async function listItemLabels(
  db: Handle,
  scope: Scope,
  evaluationIds: readonly number[],
  label: string,
): Promise<Map<number, ItemLabel[]>> {
  if (evaluationIds.length === 0) return new Map()
  const rows = await db.execute<{ evaluation_id: number; items: ItemLabel[] }>(sql`
    select p.evaluation_id, json_agg(json_build_object('id', i.item->>'id', 'value', i.item->'tags'->>${label})) as items
    from evaluation_items p cross join lateral jsonb_array_elements(p.items) as i(item)
    where p.workspace_id = ${scope.workspaceId} and p.evaluation_id = any(${numbers(evaluationIds)}::bigint[])
      and i.item->'tags'->>${label} is not null
    group by p.evaluation_id`)
  return new Map(rows.map((row) => [row.evaluation_id, row.items]))
}
