import { sql } from 'drizzle-orm'
import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Items of an evaluation, whole, in their order, from a place on. */
export async function listItems(
  db: Handle,
  scope: Scope,
  evaluationId: number,
  page: { offset: number; limit: number },
): Promise<EvaluationItem[]> {
  const rows = await db.execute<{ item: EvaluationItem }>(sql`
    select i.item from evaluation_items p cross join lateral jsonb_array_elements(p.items) with ordinality as i(item, n)
    where p.workspace_id = ${scope.workspaceId} and p.evaluation_id = ${evaluationId}
    order by p.part, i.n offset ${page.offset} limit ${page.limit}`)
  return rows.map((row) => row.item)
}
