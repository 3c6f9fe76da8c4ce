import { and, eq } from 'drizzle-orm'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import { costEntries } from '#src/db/schema/prices.ts'
import { runs } from '#src/db/schema/runs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Puts a run with all its checkpoints, deleted ones too, and its cost entries into another experiment of its project. In a transaction. */
export async function moveRunTo(db: Handle, scope: ProjectScope, runId: number, experimentId: number): Promise<void> {
  await db
    .update(runs)
    .set({ experimentId })
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), eq(runs.id, runId)))
  await db
    .update(checkpoints)
    .set({ experimentId })
    .where(
      and(
        eq(checkpoints.workspaceId, scope.workspaceId),
        eq(checkpoints.projectId, scope.projectId),
        eq(checkpoints.runId, runId),
      ),
    )
  await db
    .update(costEntries)
    .set({ experimentId })
    .where(
      and(
        eq(costEntries.workspaceId, scope.workspaceId),
        eq(costEntries.projectId, scope.projectId),
        eq(costEntries.runId, runId),
      ),
    )
}
