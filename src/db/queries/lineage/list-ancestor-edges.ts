import { sql } from 'drizzle-orm'
import type { EdgeKind } from '#src/core/lineage/edge-kinds.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface AncestorEdge extends Record<string, unknown> {
  child: number
  parent: number
  kind: EdgeKind
  weight: number | null
  checkpointId: number | null
}

/** Live edges above these experiments, over any number of projects of the workspace, oldest first. */
export async function listAncestorEdges(
  db: Handle,
  scope: Scope,
  experimentIds: readonly number[],
): Promise<AncestorEdge[]> {
  if (experimentIds.length === 0) return []
  return await db.execute<AncestorEdge>(sql`
    with recursive above(id) as (
      select unnest(${sql.param([...experimentIds])}::bigint[])
      union
      select e.parent_id from edges e join above a on e.child_id = a.id
      where e.workspace_id = ${scope.workspaceId} and e.superseded_at is null
    )
    select e.child_id as child, e.parent_id as parent, e.kind, e.weight::float8 as weight, e.checkpoint_id as "checkpointId"
    from edges e join above a on e.child_id = a.id
    where e.workspace_id = ${scope.workspaceId} and e.superseded_at is null
    order by e.id`)
}
