import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Marks these checkpoints as deleted at a time (RFC 3339); those that are keep theirs. */
export async function setCheckpointsDeleted(
  db: Handle,
  scope: ProjectScope,
  ids: readonly number[],
  at: string,
): Promise<void> {
  if (ids.length === 0) return
  await db
    .update(checkpoints)
    .set({ deletedAt: at })
    .where(
      and(
        eq(checkpoints.workspaceId, scope.workspaceId),
        eq(checkpoints.projectId, scope.projectId),
        inArray(checkpoints.id, [...ids]),
        isNull(checkpoints.deletedAt),
      ),
    )
}

/**
 * Deletes at most `limit` evaluations of the deleted checkpoints of a run, with their items.
 *
 * @returns how many
 */
export async function deleteEvaluationsWithRun(
  db: Handle,
  scope: ProjectScope,
  runId: number,
  limit: number,
): Promise<number> {
  const rows = await db.execute<{ id: number }>(sql`
    delete from evaluations where workspace_id = ${scope.workspaceId} and id in (
      select e.id from evaluations e join checkpoints c on c.workspace_id = e.workspace_id and c.id = e.checkpoint_id
      where c.workspace_id = ${scope.workspaceId} and c.run_id = ${runId} and c.deleted_at is not null
      order by e.id limit ${limit})
    returning id`)
  return rows.length
}

/**
 * Deletes the deleted checkpoints of a run. One that an edge of the past, a job that has ended or a battle still names stays as a mark:
 * without files, values and metadata.
 */
export async function deleteCheckpointsWithRun(db: Handle, scope: ProjectScope, runId: number): Promise<void> {
  const deleted = sql`workspace_id = ${scope.workspaceId} and run_id = ${runId} and deleted_at is not null`
  await db.execute(sql`
    delete from checkpoints where ${deleted}
      and not exists (select 1 from edges e where e.workspace_id = ${scope.workspaceId} and e.checkpoint_id = checkpoints.id)
      and not exists (select 1 from job_inputs i where i.workspace_id = ${scope.workspaceId} and i.checkpoint_id = checkpoints.id)
      and not exists (select 1 from battles b where b.workspace_id = ${scope.workspaceId} and b.checkpoint_a = checkpoints.id)
      and not exists (select 1 from battles b where b.workspace_id = ${scope.workspaceId} and b.checkpoint_b = checkpoints.id)`)
  await db.execute(
    sql`delete from checkpoint_files where checkpoint_id in (select id from checkpoints where ${deleted})`,
  )
  await db.execute(
    sql`delete from checkpoint_metrics where checkpoint_id in (select id from checkpoints where ${deleted})`,
  )
  await db.execute(sql`update checkpoints set metadata = '{}', location = null where ${deleted}`)
}
