import { sql } from 'drizzle-orm'
import type { Handle } from '../handle.ts'

export interface SilentRun {
  id: number
  workspaceId: number
  projectId: number
  state: 'running' | 'lost'
}

/**
 * Runs of all workspaces without a sign of life for `silentS` seconds: those that count as running, and those that were lost
 * within the last day and may come back. A run that an agent holds is the lease's business. For the clock; at most 1,000.
 */
export async function listSilentRuns(db: Handle, silentS: number): Promise<SilentRun[]> {
  const rows = await db.execute<{
    id: number
    workspace_id: number
    project_id: number
    state: 'running' | 'lost'
  }>(sql`
    select r.id, r.workspace_id, r.project_id, r.state from runs r
    where r.state in ('running', 'lost') and r.deleted_at is null
      and r.last_contact_at < now() - make_interval(secs => ${silentS})
      and (r.state = 'running' or r.last_contact_at > now() - interval '1 day')
      and not exists (select 1 from jobs j where j.run_id = r.id and j.state in ('leased', 'running', 'canceling'))
    order by r.last_contact_at limit 1000`)
  return rows.map((row) => ({ id: row.id, workspaceId: row.workspace_id, projectId: row.project_id, state: row.state }))
}
