import { sql } from 'drizzle-orm'
import type { Handle } from '../handle.ts'

export interface RecentEnd {
  id: number
  workspaceId: number
  projectId: number
  /** The last that held it, with a job or without. */
  fence: number
  attempt: number
}

const RUNS_MAX = 5000

/**
 * Runs of all workspaces that ended or were deleted within the last `sinceS` seconds, the newest first, at most 5,000: the metrics
 * store may not have heard of it. For the clock.
 */
export async function listRecentEnds(db: Handle, sinceS: number): Promise<RecentEnd[]> {
  const rows = await db.execute<{
    id: number
    workspace_id: number
    project_id: number
    fence: number
    attempt: number
  }>(sql`
    select r.id, r.workspace_id, r.project_id,
      greatest(coalesce((select max(a.fence) from attempts a where a.run_id = r.id), 0),
        coalesce((select max(j.fence) from jobs j where j.run_id = r.id), 0))::bigint as fence,
      coalesce((select max(a.number) from attempts a where a.run_id = r.id), 1) as attempt
    from runs r
    where r.deleted_at > now() - make_interval(secs => ${sinceS})
      or (r.state in ('finished', 'failed', 'stopped', 'preempted') and r.ended_at > now() - make_interval(secs => ${sinceS}))
    order by greatest(r.deleted_at, r.ended_at) desc limit ${RUNS_MAX}`)
  return rows.map(({ id, workspace_id, project_id, fence, attempt }) => ({
    id,
    workspaceId: workspace_id,
    projectId: project_id,
    fence,
    attempt,
  }))
}
