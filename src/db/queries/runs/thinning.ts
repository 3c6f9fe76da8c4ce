import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface RunToThin extends Record<string, unknown> {
  id: number
  uid: string
  workspace_id: number
  project_id: number
  thinned_attempt: number
}

/** The number of a run's newest attempt; points may come without any, as of the first. */
const newest = sql`coalesce((select max(a.number) from attempts a where a.run_id = r.id), 1)`

/** Over for `days`, not deleted, and with an attempt that is not thinned yet. */
const isDue = (now: string, days: ReturnType<typeof sql>) => sql`
  r.deleted_at is null and r.state in ('finished', 'failed', 'stopped')
  and r.ended_at <= ${now}::timestamptz - make_interval(days => ${days})
  and ${newest} > coalesce(r.thinned_attempt, 0)`

/** Runs of a project that thinning after this many days would take, the oldest first, at most 10,000. */
export async function listThinnableRuns(
  db: Handle,
  scope: ProjectScope,
  of: { now: string; days: number },
): Promise<{ id: number; number: number }[]> {
  return await db.execute<{ id: number; number: number }>(sql`
    select r.id, r.number from runs r
    where r.workspace_id = ${scope.workspaceId} and r.project_id = ${scope.projectId}
      and ${isDue(of.now, sql`${of.days}::int`)}
    order by r.ended_at limit 10000`)
}

/**
 * Marks runs of all projects that have a policy and whose time has come: points of their attempts are refused from then on. For the
 * clock.
 *
 * @returns how many
 */
export async function markRunsToThin(db: Handle, of: { now: string; limit: number }): Promise<number> {
  const rows = await db.execute<{ id: number }>(sql`
    update runs r set thinning_at = ${of.now}::timestamptz, thinned_attempt = ${newest}
    from projects p
    where p.id = r.project_id and p.thin_after_days is not null and ${isDue(of.now, sql`p.thin_after_days`)}
      and r.id in (
        select r.id from runs r join projects p on p.id = r.project_id
        where p.thin_after_days is not null and ${isDue(of.now, sql`p.thin_after_days`)}
        order by r.ended_at limit ${of.limit})
    returning r.id`)
  return rows.length
}

/** Takes the marks of a project's runs away that were not thinned yet: the policy changed. */
export async function unmarkRunsToThin(db: Handle, scope: ProjectScope): Promise<void> {
  await db.execute(sql`
    update runs set thinning_at = null, thinned_attempt = null
    where workspace_id = ${scope.workspaceId} and project_id = ${scope.projectId} and thinning_at is not null and thinned_at is null`)
}

/** Marked runs whose raw points can go by now, those marked first in front: no batch that was let in before is under way. For the clock. */
export async function listRunsToThin(
  db: Handle,
  of: { now: string; waitMs: number; limit: number },
): Promise<RunToThin[]> {
  return await db.execute<RunToThin>(sql`
    select id, uid, workspace_id, project_id, thinned_attempt from runs
    where thinning_at <= ${of.now}::timestamptz - make_interval(secs => ${of.waitMs / 1000}::float8)
      and (thinned_at is null or thinned_at < thinning_at) and deleted_at is null
    order by thinning_at, id limit ${of.limit}`)
}
