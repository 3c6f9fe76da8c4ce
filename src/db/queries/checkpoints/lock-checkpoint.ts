import { and, eq } from 'drizzle-orm'
import { GoneMeanwhile } from '#src/db/gone-meanwhile.ts'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { CheckpointRow } from './locate-checkpoint.ts'

/**
 * The checkpoint, held until the transaction ends: `update` for who deletes or pins it, `share` for who only needs that it is not
 * deleted meanwhile.
 */
export async function lockCheckpoint(
  db: Handle,
  scope: Scope,
  id: number,
  strength: 'update' | 'share' = 'update',
): Promise<CheckpointRow> {
  const [row] = await db
    .select()
    .from(checkpoints)
    .where(and(eq(checkpoints.workspaceId, scope.workspaceId), eq(checkpoints.id, id)))
    .for(strength)
  if (!row) throw new GoneMeanwhile('checkpoint')
  return row
}
