import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

export interface LeaseHolder {
  jobId: number
  agentId: number
  attempt: number
  fence: number
}

/**
 * Lengthens the lease of the present holder from the database's now; also sets what it says about itself. Null: somebody else
 * has the job, or it has ended.
 */
export async function renewLease(
  db: Handle,
  scope: Scope,
  holder: LeaseHolder,
  report: { running: boolean; step: number | null; totalSteps: number | null },
): Promise<{ leaseUntil: string; canceling: boolean } | null> {
  const rows = await db.execute<{ lease_until: string; state: string }>(sql`
    update jobs set lease_until = now() + make_interval(secs => q.lease_s),
      state = case when jobs.state = 'leased' and ${report.running} then 'running' else jobs.state end,
      progress_step = coalesce(${report.step}::bigint, jobs.progress_step),
      progress_total = coalesce(${report.totalSteps}::bigint, jobs.progress_total)
    from queues q
    where q.id = jobs.queue_id and jobs.workspace_id = ${scope.workspaceId} and jobs.id = ${holder.jobId}
      and jobs.agent_id = ${holder.agentId} and jobs.attempt = ${holder.attempt} and jobs.fence = ${holder.fence}
      and jobs.state in ('leased', 'running', 'canceling')
    returning jobs.lease_until, jobs.state`)
  const [row] = rows
  return row ? { leaseUntil: row.lease_until, canceling: row.state === 'canceling' } : null
}
