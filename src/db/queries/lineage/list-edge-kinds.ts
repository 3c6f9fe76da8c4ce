import { sql } from 'drizzle-orm'
import type { EdgeKind } from '#src/core/lineage/edge-kinds.ts'
import type { Scope } from '#src/db/scope.ts'
import { numbers } from '../array-literal.ts'
import type { Handle } from '../handle.ts'

/** Kinds of the live edges that lead to experiments, by experiment. */
export async function listEdgeKinds(
  db: Handle,
  scope: Scope,
  experimentIds: readonly number[],
): Promise<Map<number, EdgeKind[]>> {
  if (experimentIds.length === 0) return new Map()
  const rows = await db.execute<{ child_id: number; kinds: EdgeKind[] }>(sql`
    select e.child_id, array_agg(distinct e.kind) as kinds from edges e
    where e.workspace_id = ${scope.workspaceId} and e.superseded_at is null
      and e.child_id = any(${numbers(experimentIds)}::bigint[])
    group by e.child_id`)
  return new Map(rows.map((row) => [row.child_id, row.kinds]))
}
