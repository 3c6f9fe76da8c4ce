import { sql } from 'drizzle-orm'
import { slim } from '#src/core/evaluations/check-items.ts'
import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import type { SlimItem } from '#src/core/evaluations/slim-item.ts'
import { evaluationItems } from '#src/db/schema/evaluations.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Writes a part of items; a part that comes again replaces the first. */
export async function saveItems(
  db: Handle,
  scope: Scope,
  evaluationId: number,
  part: number,
  items: readonly EvaluationItem[],
): Promise<void> {
  const row = { n: items.length, items: [...items] }
  await db
    .insert(evaluationItems)
    .values({ ...row, workspaceId: scope.workspaceId, evaluationId, part })
    .onConflictDoUpdate({ target: [evaluationItems.evaluationId, evaluationItems.part], set: row })
}

/** The first item of an evaluation; null when it has none yet. */
export async function findFirstItem(db: Handle, scope: Scope, evaluationId: number): Promise<EvaluationItem | null> {
  const [row] = await db.execute<{ item: EvaluationItem | null }>(sql`
    select items->0 as item from evaluation_items
    where workspace_id = ${scope.workspaceId} and evaluation_id = ${evaluationId} order by part limit 1`)
  return row?.item ?? null
}

interface SlimPart extends Record<string, unknown> {
  evaluation_id: number
  items: EvaluationItem[]
}

/** What statistics need of the items of evaluations, in their order; evaluations without items are absent. */
export async function listSlimItems(
  db: Handle,
  scope: Scope,
  evaluationIds: readonly number[],
): Promise<Map<number, SlimItem[]>> {
  if (evaluationIds.length === 0) return new Map()
  const rows = await db.execute<SlimPart>(sql`
    select p.evaluation_id,
      json_agg(i.item - '{prompt,output,expected,tags,hash,verdict}'::text[] order by p.part, i.n) as items
    from evaluation_items p cross join lateral jsonb_array_elements(p.items) with ordinality as i(item, n)
    where p.workspace_id = ${scope.workspaceId} and p.evaluation_id in ${[...evaluationIds]}
    group by p.evaluation_id`)
  return new Map(rows.map((row) => [row.evaluation_id, row.items.map(slim)]))
}
