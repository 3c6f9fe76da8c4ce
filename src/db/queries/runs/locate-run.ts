import { eq } from 'drizzle-orm'
import { runs } from '../../schema/runs.ts'
import type { Handle } from '../handle.ts'

export type RunRow = typeof runs.$inferSelect

/**
 * Where the run with this outside id is, before anything is proven: the caller must authorize the actor for the place it names
 * before it does anything else. Only `services/runs/open.ts` calls it.
 */
export async function locateRun(db: Handle, uid: string): Promise<RunRow | null> {
  const rows = await db.select().from(runs).where(eq(runs.uid, uid))
  return rows[0] ?? null
}
