import { sql } from 'drizzle-orm'
import type { JobState } from '#src/core/agents/job-states.ts'
import type { RunState } from '#src/core/runs/states.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface HeldRun extends Record<string, unknown> {
  id: number
  uid: string
  number: number
  name: string
  state: RunState
  tags: string[]
  run_group: string | null
  is_starred: boolean
  archived_at: string | null
  deleted_at: string | null
  purge_started_at: string | null
  ended_at: string | null
  experiment_id: number
  experiment: number
  /** Of the newest job that executes it; null for a run without one. */
  job_state: JobState | null
}

/** Runs of a project, deleted ones too, held in the order of their ids until the transaction ends. */
export async function lockRuns(
  db: Handle,
  scope: ProjectScope,
  which: { uids: readonly string[] } | { ids: readonly number[] } | { numbers: readonly number[] },
): Promise<HeldRun[]> {
  const chosen =
    'uids' in which
      ? sql`r.uid = any(${sql.param([...which.uids])}::uuid[])`
      : 'ids' in which
        ? sql`r.id = any(${sql.param([...which.ids])}::bigint[])`
        : sql`r.number = any(${sql.param([...which.numbers])}::int[])`
  return await db.execute<HeldRun>(sql`
    select r.id, r.uid, r.number, r.name, r.state, r.tags, r.run_group, r.is_starred, r.archived_at, r.deleted_at, r.purge_started_at, r.ended_at,
      r.experiment_id, x.number as experiment,
      (select j.state from jobs j where j.workspace_id = r.workspace_id and j.run_id = r.id
        order by j.id desc limit 1) as job_state
    from runs r join experiments x on x.id = r.experiment_id
    where r.workspace_id = ${scope.workspaceId} and r.project_id = ${scope.projectId}
      and ${chosen}
    order by r.id for update of r`)
}
