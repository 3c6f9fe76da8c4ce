import { sql } from 'drizzle-orm'
import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import type { Scope } from '#src/db/scope.ts'
import { numbers } from '../array-literal.ts'
import type { Handle } from '../handle.ts'

/** Items of evaluations with these ids, whole, every trial of them. */
export async function listChosenItems(
  db: Handle,
  scope: Scope,
  evaluationIds: readonly number[],
  ids: readonly string[],
): Promise<{ evaluation_id: number; item: EvaluationItem }[]> {
  if (evaluationIds.length === 0 || ids.length === 0) return []
  return await db.execute<{ evaluation_id: number; item: EvaluationItem }>(sql`
    select p.evaluation_id, i.item
    from evaluation_items p cross join lateral jsonb_array_elements(p.items) as i(item)
    where p.workspace_id = ${scope.workspaceId} and p.evaluation_id = any(${numbers(evaluationIds)}::bigint[])
      and i.item->>'id' = any(${sql.param([...ids])}::text[])`)
}
