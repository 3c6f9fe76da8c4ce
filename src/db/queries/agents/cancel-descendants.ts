import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

export interface CanceledJob {
  id: number
  runId: number
  attempt: number
  fence: number
}

/**
 * Cancels what waits for a checkpoint of this experiment, and what waits for those in turn, when none of its training jobs is
 * left to bring one.
 */
export async function cancelDescendants(
  db: Handle,
  scope: Scope,
  experimentId: number,
  reason: string,
): Promise<CanceledJob[]> {
  const rows = await db.execute<{ id: number; run_id: number; attempt: number; fence: number }>(sql`
    with recursive doomed(job_id, experiment_id, kind) as (
      select j.id, j.experiment_id, j.kind from jobs j join job_inputs i on i.job_id = j.id
      where i.workspace_id = ${scope.workspaceId} and i.experiment_id = ${experimentId} and i.checkpoint_id is null
        and j.state = 'waiting'
        and not exists (select 1 from jobs t where t.experiment_id = ${experimentId} and t.kind = 'train'
          and t.state not in ('finished', 'failed', 'canceled'))
      union
      select j.id, j.experiment_id, j.kind
      from doomed d join job_inputs i on i.experiment_id = d.experiment_id join jobs j on j.id = i.job_id
      where d.kind = 'train' and i.workspace_id = ${scope.workspaceId} and i.checkpoint_id is null and j.state = 'waiting'
    )
    update jobs set state = 'canceled', reason = ${reason}, ended_at = now()
    where id in (select job_id from doomed)
    returning id, run_id, attempt, fence`)
  return rows.map((row) => ({ id: row.id, runId: row.run_id, attempt: row.attempt, fence: row.fence }))
}
