import { and, eq, isNotNull } from 'drizzle-orm'
import { edges } from '#src/db/schema/lineage.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Whether an edge that is there no more was inferred to start from this checkpoint. */
export async function wasInferred(
  db: Handle,
  scope: Scope,
  of: { childId: number; checkpointId: number },
): Promise<boolean> {
  const [row] = await db
    .select({ id: edges.id })
    .from(edges)
    .where(
      and(
        eq(edges.workspaceId, scope.workspaceId),
        eq(edges.childId, of.childId),
        eq(edges.checkpointId, of.checkpointId),
        eq(edges.inferred, true),
        isNotNull(edges.supersededAt),
      ),
    )
    .limit(1)
  return row !== undefined
}
