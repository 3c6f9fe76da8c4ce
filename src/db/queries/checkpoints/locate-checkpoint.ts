import { eq } from 'drizzle-orm'
import { checkpoints } from '../../schema/checkpoints.ts'
import type { Handle } from '../handle.ts'

export type CheckpointRow = typeof checkpoints.$inferSelect

/**
 * Where the checkpoint with this outside id is, before anything is proven: the caller must authorize the actor for the place it
 * names before it does anything else. Only `services/checkpoints/open.ts` calls it.
 */
export async function locateCheckpoint(db: Handle, uid: string): Promise<CheckpointRow | null> {
  const rows = await db.select().from(checkpoints).where(eq(checkpoints.uid, uid))
  return rows[0] ?? null
}
