import { and, eq, inArray } from 'drizzle-orm'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Checkpoints by id as cost needs them, in any project of the workspace; deleted ones too, since what they took was spent. */
export async function listCostCheckpoints(db: Handle, scope: Scope, ids: readonly number[]) {
  if (ids.length === 0) return []
  return await db
    .select({
      id: checkpoints.id,
      experimentId: checkpoints.experimentId,
      runId: checkpoints.runId,
      step: checkpoints.step,
      tokens: checkpoints.tokens,
      metadata: checkpoints.metadata,
      createdAt: checkpoints.createdAt,
    })
    .from(checkpoints)
    .where(and(eq(checkpoints.workspaceId, scope.workspaceId), inArray(checkpoints.id, [...ids])))
}
