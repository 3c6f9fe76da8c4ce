import { and, eq, isNull } from 'drizzle-orm'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { CheckpointRow } from './locate-checkpoint.ts'

/** The checkpoint of a run's attempt at a step. */
export async function findCheckpointAt(
  db: Handle,
  scope: Scope,
  at: { runId: number; attempt: number; step: number },
): Promise<CheckpointRow | null> {
  const rows = await db
    .select()
    .from(checkpoints)
    .where(
      and(
        eq(checkpoints.workspaceId, scope.workspaceId),
        eq(checkpoints.runId, at.runId),
        eq(checkpoints.attempt, at.attempt),
        eq(checkpoints.step, at.step),
        isNull(checkpoints.deletedAt),
      ),
    )
  return rows[0] ?? null
}

/** Checkpoints of the workspace whose files have this content, the oldest first, two at most: of one it is known which. */
export async function findCheckpointsByHash(db: Handle, scope: Scope, sha256: string): Promise<CheckpointRow[]> {
  return await db
    .select()
    .from(checkpoints)
    .where(
      and(
        eq(checkpoints.workspaceId, scope.workspaceId),
        eq(checkpoints.sha256, sha256),
        isNull(checkpoints.deletedAt),
      ),
    )
    .orderBy(checkpoints.id)
    .limit(2)
}

/** A checkpoint of the workspace by its outside id. */
export async function findCheckpoint(db: Handle, scope: Scope, uid: string): Promise<CheckpointRow | null> {
  const rows = await db
    .select()
    .from(checkpoints)
    .where(and(eq(checkpoints.workspaceId, scope.workspaceId), eq(checkpoints.uid, uid), isNull(checkpoints.deletedAt)))
  return rows[0] ?? null
}
