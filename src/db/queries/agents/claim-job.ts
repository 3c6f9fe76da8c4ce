import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

/**
 * Leases the most urgent claimable job to an agent: the highest priority, then the oldest, of the named queues that are not
 * paused, with a recipe that the agent offers. Raises fence and attempt. Two claims never get the same job: a row that
 * another claim holds is skipped; so is a job whose run was deleted. Time is the database's.
 *
 * @param queues at least one name
 * @param recipes at least one name
 * @returns the job's id, or null when there is none
 */
export async function claimJob(
  db: Handle,
  scope: Scope,
  agentId: number,
  queues: readonly string[],
  recipes: readonly string[],
): Promise<number | null> {
  const rows = await db.execute<{ id: number }>(sql`
    with next as (
      select j.id, q.lease_s
      from jobs j join queues q on q.id = j.queue_id join runs r on r.id = j.run_id and r.deleted_at is null
      where j.workspace_id = ${scope.workspaceId} and j.state = 'queued' and j.run_after <= now()
        and q.name in ${queues} and q.paused_at is null and j.recipe in ${recipes}
      order by j.priority desc, j.id
      limit 1 for update of j skip locked
    )
    update jobs set state = 'leased', agent_id = ${agentId}, fence = jobs.fence + 1, attempt = jobs.attempt + 1,
      lease_until = now() + make_interval(secs => next.lease_s), started_at = coalesce(jobs.started_at, now()),
      progress_step = null, progress_total = null, reason = '', exit_code = null
    from next where jobs.id = next.id
    returning jobs.id`)
  return rows[0]?.id ?? null
}
