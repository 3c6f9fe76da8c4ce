import { sql } from 'drizzle-orm'
import type { RunKind, RunState } from '#src/core/runs/states.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface CostRunRow extends Record<string, unknown> {
  id: number
  number: number
  project: string
  experiment_id: number
  kind: RunKind
  state: RunState
  config: Record<string, unknown>
  seed: number | null
  last_step: number | null
  tokens: number | null
  started_at: string | null
  ended_at: string | null
  is_deleted: boolean
  /** The checkpoint that an evaluating run was started for; null when nobody said. */
  target_id: number | null
}

/** Runs of experiments as their cost is reckoned, in any project of the workspace, by number. */
export async function listCostRuns(db: Handle, scope: Scope, experimentIds: readonly number[]): Promise<CostRunRow[]> {
  if (experimentIds.length === 0) return []
  return await db.execute<CostRunRow>(sql`
    select r.id, r.number, p.slug as project, r.experiment_id, r.kind, r.state, r.config, r.seed, r.last_step, r.tokens,
      r.started_at, r.ended_at, r.deleted_at is not null as is_deleted, target.checkpoint_id as target_id
    from runs r
    join projects p on p.id = r.project_id
    left join lateral (
      select i.checkpoint_id from jobs j join job_inputs i on i.job_id = j.id and i.role = 'target'
      where j.workspace_id = ${scope.workspaceId} and j.run_id = r.id order by j.id desc limit 1
    ) target on r.kind = 'evaluate'
    where r.workspace_id = ${scope.workspaceId} and r.experiment_id = any(${sql.param([...experimentIds])}::bigint[])
    order by r.id`)
}
