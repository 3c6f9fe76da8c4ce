import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'

/**
 * Jobs of all workspaces whose lease has ended, oldest first; at most `limit`. For the clock, which acts for the instance.
 * Each row is held until the transaction ends, so a heartbeat that comes now finds its lease gone.
 */
export async function lockExpiredLeases(db: Handle, limit: number): Promise<{ id: number; workspaceId: number }[]> {
  const rows = await db.execute<{ id: number; workspace_id: number }>(sql`
    select id, workspace_id from jobs
    where state in ('leased', 'running', 'canceling') and lease_until < now()
    order by lease_until limit ${limit} for update skip locked`)
  return rows.map((row) => ({ id: row.id, workspaceId: row.workspace_id }))
}
