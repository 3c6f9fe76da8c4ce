import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'

/** Ids of the workspaces in which a job waits for a checkpoint. For the clock. */
export async function listWorkspacesWithWaitingJobs(db: Handle): Promise<number[]> {
  const rows = await db.execute<{ workspace_id: number }>(
    sql`select distinct workspace_id from jobs where state = 'waiting' order by workspace_id`,
  )
  return rows.map((row) => row.workspace_id)
}
