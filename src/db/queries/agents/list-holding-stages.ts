import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

/**
 * Ids of stages that hold up what follows, have been trained, and whose checkpoint a training job waits for.
 *
 * @param experimentId only this stage and what the jobs that wait for it wait for besides; all when absent
 */
export async function listHoldingStages(db: Handle, scope: Scope, experimentId?: number): Promise<number[]> {
  const one =
    experimentId === undefined
      ? sql`true`
      : sql`exists (select 1 from job_inputs o where o.job_id = j.id and o.experiment_id = ${experimentId})`
  const rows = await db.execute<{ id: number }>(sql`
    select distinct i.experiment_id as id
    from job_inputs i
      join jobs j on j.id = i.job_id
      join stage_budgets b on b.experiment_id = i.experiment_id and b.holds
    where i.workspace_id = ${scope.workspaceId} and i.checkpoint_id is null and j.state = 'waiting' and j.kind = 'train' and ${one}
      and not exists (select 1 from jobs t where t.experiment_id = i.experiment_id and t.kind = 'train'
        and t.state not in ('finished', 'failed', 'canceled'))
    order by i.experiment_id`)
  return rows.map((row) => row.id)
}
