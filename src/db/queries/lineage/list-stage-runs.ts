import { sql } from 'drizzle-orm'
import type { RunState } from '#src/core/runs/states.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface StageRunRow extends Record<string, unknown> {
  id: number
  uid: string
  number: number
  experiment_id: number
  state: RunState
  message: string
  last_step: number | null
  total_steps: number | null
  tokens: number | null
  started_at: string | null
  ended_at: string | null
  last_contact_at: string | null
  /** Where its newest attempt began. */
  first_step: number | null
  attempt_started_at: string | null
  /** Seconds in its attempts, the present one up to now. */
  wall_s: number | null
}

/**
 * The run that speaks for each experiment: the newest training run at work, else the newest that finished, else the newest;
 * evaluation runs only where there is no other.
 */
export async function listStageRuns(db: Handle, scope: ProjectScope): Promise<StageRunRow[]> {
  return await db.execute<StageRunRow>(sql`
    select r.id, r.uid, r.number, r.experiment_id, r.state, r.message, r.last_step, r.total_steps, r.tokens, r.started_at,
      r.ended_at, r.last_contact_at, a.first_step, a.started_at as attempt_started_at, w.wall_s
    from (
      select distinct on (experiment_id) * from runs
      where workspace_id = ${scope.workspaceId} and project_id = ${scope.projectId} and deleted_at is null
      order by experiment_id, kind desc, (state in ('running', 'lost')) desc, (state = 'finished') desc,
        (started_at is not null) desc, number desc
    ) r
    left join lateral (
      select first_step, started_at from attempts where workspace_id = ${scope.workspaceId} and run_id = r.id
      order by number desc limit 1
    ) a on true
    left join lateral (
      select sum(extract(epoch from coalesce(ended_at, case when r.state in ('running', 'lost') then now() end,
        r.ended_at, started_at) - started_at))::float8 as wall_s
      from attempts where workspace_id = ${scope.workspaceId} and run_id = r.id and started_at is not null
    ) w on true`)
}
