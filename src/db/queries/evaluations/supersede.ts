import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/**
 * Among complete evaluations of one checkpoint, benchmark, metric, fingerprint, variant and seed the newest stands (by measured_at, then
 * by arrival; a missing time counts as the time of arrival) and supersedes the others, which stay readable. For the one
 * writer of the checkpoint.
 */
export async function supersedeEvaluations(
  db: Handle,
  scope: Scope,
  of: { checkpointId: number; benchmarkId: number; metric: string; protocolId: number; variant: string; seed: string },
): Promise<void> {
  await db.execute(sql`
    with family as (
      select id, superseded_by,
        first_value(id) over (order by coalesce(measured_at, created_at) desc, id desc) as newest
      from evaluations
      where workspace_id = ${scope.workspaceId} and checkpoint_id = ${of.checkpointId} and benchmark_id = ${of.benchmarkId}
        and metric = ${of.metric} and protocol_id = ${of.protocolId} and variant = ${of.variant}
        and seed = ${of.seed} and status = 'complete'
    )
    update evaluations e set superseded_by = nullif(f.newest, f.id)
    from family f
    where e.workspace_id = ${scope.workspaceId} and e.id = f.id and e.superseded_by is distinct from nullif(f.newest, f.id)`)
}

/** How many older results each of these evaluations supersedes; those that supersede none are absent. */
export async function countSuperseded(db: Handle, scope: Scope, ids: readonly number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db.execute<{ id: number; n: number }>(sql`
    select superseded_by as id, count(*)::int as n from evaluations
    where workspace_id = ${scope.workspaceId} and superseded_by in ${[...ids]} group by superseded_by`)
  return new Map(rows.map(({ id, n }) => [id, n]))
}
