import { sql } from 'drizzle-orm'
import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface ItemText extends Record<string, unknown> {
  evaluation_id: number
  item: EvaluationItem
}

/** Chosen items of evaluations, whole, those that have a prompt and an output. */
export async function listItemTexts(
  db: Handle,
  scope: Scope,
  wanted: readonly { evaluationId: number; id: string }[],
): Promise<ItemText[]> {
  if (wanted.length === 0) return []
  const evaluationIds = [...new Set(wanted.map((w) => w.evaluationId))]
  return await db.execute<ItemText>(sql`
    select p.evaluation_id, i.item
    from evaluation_items p cross join lateral jsonb_array_elements(p.items) as i(item)
    where p.workspace_id = ${scope.workspaceId} and p.evaluation_id in ${evaluationIds}
      and i.item ? 'prompt' and i.item ? 'output'
      and (p.evaluation_id, i.item->>'id') in (
        select * from unnest(${sql.param(wanted.map((w) => w.evaluationId))}::bigint[], ${sql.param(wanted.map((w) => w.id))}::text[])
      )`)
}
