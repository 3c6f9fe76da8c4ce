import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

/** Waiting jobs that have all their inputs become claimable; answers how many. */
export async function queueResolvedJobs(db: Handle, scope: Scope): Promise<number> {
  const rows = await db.execute(sql`
    update jobs set state = 'queued', run_after = now(), reason = ''
    where workspace_id = ${scope.workspaceId} and state = 'waiting'
      and not exists (select 1 from job_inputs i where i.job_id = jobs.id and i.checkpoint_id is null)
    returning id`)
  return rows.length
}
