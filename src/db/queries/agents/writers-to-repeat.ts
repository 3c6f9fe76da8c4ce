import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'

/**
 * Jobs of all workspaces whose word to the metrics store may have been cut off by a crash: all that are alive, and those that
 * ended within the last `sinceS` seconds. For the clock.
 */
export async function listWritersToRepeat(
  db: Handle,
  sinceS: number,
): Promise<{ runId: number; fence: number; attempt: number; state: 'open' | 'finished' }[]> {
  const rows = await db.execute<{ run_id: number; fence: number; attempt: number; ended: boolean }>(sql`
    select run_id, fence, attempt, ended_at is not null as ended from jobs
    where fence > 0 and (state in ('queued', 'leased', 'running', 'canceling')
      or (state in ('finished', 'failed', 'canceled') and ended_at > now() - make_interval(secs => ${sinceS})))
    order by run_id`)
  return rows.map((row) => ({
    runId: row.run_id,
    fence: row.fence,
    attempt: row.attempt,
    state: row.ended ? ('finished' as const) : ('open' as const),
  }))
}
