import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

export interface MissingInput extends Record<string, unknown> {
  job_id: number
  experiment_number: number
  experiment_name: string
  /** The state of the training job that will bring the checkpoint; null when no job does. */
  state: string | null
  step: number | null
  total_steps: number | null
  /** True when the stage holds up what follows it until its gate opens. */
  holds: boolean
}

/** For waiting jobs: the stages whose checkpoint does not exist yet, and how far those are. */
export async function listMissingInputs(db: Handle, scope: Scope, jobIds: readonly number[]): Promise<MissingInput[]> {
  if (jobIds.length === 0) return []
  const rows = await db.execute<MissingInput>(sql`
    select i.job_id, x.number as experiment_number, x.name as experiment_name, t.state, t.step, t.total_steps,
      coalesce(b.holds, false) as holds
    from job_inputs i
      join experiments x on x.id = i.experiment_id
      left join stage_budgets b on b.experiment_id = x.id
      left join lateral (
        select j.state, coalesce(j.progress_step, r.last_step) as step, coalesce(j.progress_total, r.total_steps) as total_steps
        from jobs j join runs r on r.id = j.run_id
        where j.experiment_id = i.experiment_id and j.kind = 'train' and j.state not in ('finished', 'failed', 'canceled')
        order by j.id desc limit 1
      ) t on true
    where i.workspace_id = ${scope.workspaceId} and i.job_id in ${jobIds} and i.checkpoint_id is null
    order by i.job_id, i.role`)
  return [...rows]
}
