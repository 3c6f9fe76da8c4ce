import { type Deletion, daysLeft, deletedPhase, GRACE_MS, purgeDueMs } from '#src/core/runs/retention.ts'
import { instantOf, millisOf } from '#src/db/queries/instant.ts'
import { type DeletedRunRow, listDeletedRuns as readDeletedRuns } from '#src/db/queries/runs/list-deleted-runs.ts'
import type { DeletedRun } from '#src/protocol/storage.ts'
import type { Context } from '#src/services/context.ts'
import { openProject, openWorkspace } from '#src/services/workspaces/open.ts'

/**
 * Deleted runs of a workspace or of one project, the newest deletion first: how long each can be restored, and how far its deletion for
 * good is. Those that are gone stay on the list for a week.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listDeletedRuns(
  ctx: Context,
  input: { workspace?: string | undefined; project?: string | undefined },
): Promise<{ items: DeletedRun[] }> {
  const { project } = input
  const { scope, projectId } =
    project === undefined
      ? {
          ...(await openWorkspace(ctx, input, 'run:read')),
          projectId: 'projectId' in ctx.actor ? ctx.actor.projectId : null,
        }
      : await openProject(ctx, { ...input, project }, 'run:read').then((open) => ({
          scope: open.scope,
          projectId: open.project.id,
        }))
  const nowMs = ctx.services.now().getTime()
  const rows = await readDeletedRuns(ctx.db, scope, { projectId, now: new Date(nowMs).toISOString(), goneMs: GRACE_MS })
  return { items: rows.map((row) => viewDeleted(row, nowMs)) }
}

function viewDeleted(row: DeletedRunRow, nowMs: number): DeletedRun {
  const deletion: Deletion = {
    deletedAtMs: millisOf(row.deleted_at),
    isRequested: row.is_requested,
    isStarted: row.is_started,
    isPurged: row.purged_at !== null,
  }
  const due = purgeDueMs(deletion)
  return {
    uid: row.uid,
    project: row.project,
    number: row.number,
    name: row.name,
    stage: row.stage,
    last_step: row.last_step,
    deleted_at: instantOf(row.deleted_at),
    phase: deletedPhase(deletion, nowMs),
    due_at: due === null ? null : new Date(due).toISOString(),
    days_left: due === null ? null : daysLeft(due, nowMs),
    rows: row.purge_rows,
    rows_done: Math.min(row.purge_rows_done, row.purge_rows ?? row.purge_rows_done),
    kept_checkpoints: row.kept_checkpoints,
  }
}
