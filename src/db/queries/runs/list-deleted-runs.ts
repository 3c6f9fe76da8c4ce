import { sql } from 'drizzle-orm'
import { DELETED_LISTED_MAX } from '#src/core/runs/retention.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface DeletedRunRow extends Record<string, unknown> {
  uid: string
  project: string
  number: number
  name: string
  stage: string
  deleted_at: string
  is_requested: boolean
  is_started: boolean
  purged_at: string | null
  purge_rows: number | null
  purge_rows_done: number
  last_step: number | null
  kept_checkpoints: number
}

/**
 * Deleted runs of a workspace, the newest deletion first, at most `DELETED_LISTED_MAX`, those with data before those
 * that are gone for good, which leave the list `goneMs` later.
 *
 * @param of.projectId only those of this project
 */
export async function listDeletedRuns(
  db: Handle,
  scope: Scope,
  of: { projectId: number | null; now: string; goneMs: number },
): Promise<DeletedRunRow[]> {
  return await db.execute<DeletedRunRow>(sql`
    select r.uid, p.slug as project, r.number, r.name, x.name as stage, r.deleted_at,
      r.purge_requested_at is not null as is_requested, r.purge_started_at is not null as is_started, r.purged_at,
      r.purge_rows, r.purge_rows_done, r.last_step,
      (select count(*)::int from checkpoints c where c.workspace_id = r.workspace_id and c.run_id = r.id and c.deleted_at is null)
        as kept_checkpoints
    from runs r join projects p on p.id = r.project_id join experiments x on x.id = r.experiment_id
    where r.workspace_id = ${scope.workspaceId} and r.deleted_at is not null
      and (${of.projectId}::int is null or r.project_id = ${of.projectId}::int)
      and (r.purged_at is null or r.purged_at > ${of.now}::timestamptz - make_interval(secs => ${of.goneMs / 1000}::float8))
    order by r.purged_at is not null, r.deleted_at desc, r.id desc limit ${DELETED_LISTED_MAX}`)
}
