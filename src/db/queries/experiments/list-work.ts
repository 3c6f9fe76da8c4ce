import { sql } from 'drizzle-orm'
import type { JobState } from '#src/core/agents/job-states.ts'
import type { RunKind, RunState } from '#src/core/runs/states.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface WorkRow extends Record<string, unknown> {
  experiment_id: number
  kind: RunKind
  run: RunState
  job: JobState | null
  n: number
  /** Why the newest of these jobs waits or how it ended. */
  reason: string | null
}

/** How many runs of each experiment stand where, with the states of their newest jobs. */
export async function listWork(db: Handle, scope: ProjectScope, experimentId?: number): Promise<WorkRow[]> {
  return await db.execute<WorkRow>(sql`
    select r.experiment_id, r.kind, r.state as run, j.state as job, count(*)::int as n,
      (array_agg(coalesce(nullif(j.reason, ''), nullif(r.message, '')) order by r.id desc))[1] as reason
    from runs r
    left join lateral (
      select state, reason from jobs
      where workspace_id = ${scope.workspaceId} and run_id = r.id order by id desc limit 1
    ) j on true
    where r.workspace_id = ${scope.workspaceId} and r.project_id = ${scope.projectId} and r.deleted_at is null
      and (${experimentId ?? null}::bigint is null or r.experiment_id = ${experimentId ?? null}::bigint)
    group by r.experiment_id, r.kind, r.state, j.state`)
}
