import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

/** Waiting training jobs learn which gate holds them up. */
export async function tellHeldJobs(db: Handle, scope: Scope, experimentId: number, reason: string): Promise<void> {
  await db.execute(sql`
    update jobs set reason = ${reason}
    where workspace_id = ${scope.workspaceId} and state = 'waiting' and kind = 'train' and reason <> ${reason}
      and exists (select 1 from job_inputs i
        where i.job_id = jobs.id and i.experiment_id = ${experimentId} and i.checkpoint_id is null)`)
}

/**
 * Waiting jobs that no shut gate holds up any more forget the reason.
 *
 * @param shut experiments whose gate is shut
 * @param experimentId only jobs that wait for this experiment; all when absent
 */
export async function forgetHeldJobs(
  db: Handle,
  scope: Scope,
  { experimentId, shut }: { experimentId?: number | undefined; shut: readonly number[] },
): Promise<void> {
  const one = experimentId === undefined ? sql`true` : sql`i.experiment_id = ${experimentId}`
  const isHeld = shut.length === 0 ? sql`false` : sql`i.experiment_id in ${shut}`
  await db.execute(sql`
    update jobs set reason = ''
    where workspace_id = ${scope.workspaceId} and state = 'waiting' and reason <> ''
      and exists (select 1 from job_inputs i where i.job_id = jobs.id and ${one})
      and not exists (select 1 from job_inputs i where i.job_id = jobs.id and i.checkpoint_id is null and ${isHeld})`)
}
