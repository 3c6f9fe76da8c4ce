import { sql } from 'drizzle-orm'
import type { Handle } from '../handle.ts'

/** A deleted run with work left to do. */
export interface RunToPurge extends Record<string, unknown> {
  id: number
  workspace_id: number
  project_id: number
  is_started: boolean
  is_purged: boolean
}

/**
 * Deleted runs of all workspaces whose data is due to go, those under way first: asked for, past the grace time, begun, or purged
 * `secondLookMs` ago and not looked at again. For the clock.
 */
export async function listRunsToPurge(
  db: Handle,
  at: { now: string; graceMs: number; secondLookMs: number; limit: number },
): Promise<RunToPurge[]> {
  const before = (ms: number) => sql`${at.now}::timestamptz - make_interval(secs => ${ms / 1000}::float8)`
  return await db.execute<RunToPurge>(sql`
    select id, workspace_id, project_id, purge_started_at is not null as is_started, purged_at is not null as is_purged
    from runs
    where deleted_at is not null and purge_checked_at is null and (
      purged_at <= ${before(at.secondLookMs)}
      or (purged_at is null
        and (purge_started_at is not null or purge_requested_at is not null or deleted_at <= ${before(at.graceMs)})))
    order by purge_started_at nulls last, deleted_at, id limit ${at.limit}`)
}
