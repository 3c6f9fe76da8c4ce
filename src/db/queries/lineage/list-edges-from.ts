import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { edges } from '#src/db/schema/lineage.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { EdgeRow } from './find-edge.ts'

/** Live edges of children that start from one of these checkpoints, oldest first. */
export async function listEdgesFrom(db: Handle, scope: Scope, checkpointIds: readonly number[]): Promise<EdgeRow[]> {
  if (checkpointIds.length === 0) return []
  return await db
    .select()
    .from(edges)
    .where(
      and(
        eq(edges.workspaceId, scope.workspaceId),
        inArray(edges.checkpointId, [...checkpointIds]),
        isNull(edges.supersededAt),
      ),
    )
    .orderBy(asc(edges.id))
}
